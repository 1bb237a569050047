from django import template
from django.utils.html import format_html

from qingshan.web import registers, served, wording

register = template.Library()
register.filter("heading", registers.heading)
register.filter("name_of", registers.name_of)
register.filter("tool_of", served.tool_of)


@register.simple_tag
def tools(programme):
    """The pages that a programme's registers make together."""
    return served.tools(programme)


@register.simple_tag(takes_context=True)
def sort_rows(context, code):
    """The address that sorts a register's rows by a field, or the other way round; from the first page."""
    query = context["request"].GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query["sort"] = f"-{code}" if query.get("sort") == code else code
    return f"?{query.urlencode()}"


@register.simple_tag
def upload_state(upload):
    """How far a file of rows is, in words."""
    return format_html('<span class="upload-state {}">{}</span>', upload.state, wording.UPLOADS[upload.state])
