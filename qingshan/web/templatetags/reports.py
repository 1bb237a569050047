from django import template
from django.utils.html import format_html

from qingshan.web import wording
from qingshan.web.reporting import STATES

register = template.Library()


@register.simple_tag
def report_state(state, words=""):
    """Colour, shape and word of how a report stands."""
    mark, name = STATES[state]
    shape = format_html('<svg class="mark" viewBox="0 0 14 14" aria-hidden="true"><use href="#mark-{}"/></svg>', mark)
    return format_html('<span class="status {}">{}{}</span>', mark, shape, words or name)


@register.filter
def step(verb):
    """What a step of a report was."""
    return wording.REPORT_STEPS.get(verb, verb)


@register.filter
def size(count):
    """A file's size, in KB or MB."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, round(count / 1024))} KB"
