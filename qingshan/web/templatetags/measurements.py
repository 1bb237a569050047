from django import template

from qingshan.evidence.measurements.queries import may_measure
from qingshan.web import wording

register = template.Library()
register.filter("clauses", wording.clauses)


@register.simple_tag(takes_context=True)
def measures_here(context):
    """Whether the reader may take measurements in and judge them."""
    return may_measure(context["user"], context["programme"])
