from django import template

from qingshan.web.reading import MARKS

register = template.Library()


@register.simple_tag
def mark_name(kind):
    """What is marked, in a word."""
    return MARKS[kind]
