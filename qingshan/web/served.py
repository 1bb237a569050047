"""Which pages a programme's registers make together, by what they serve as."""

from django.utils.translation import gettext as _

from qingshan.evidence.registers.models import Register
from qingshan.evidence.registers.schema import Definition
from qingshan.plan.models import Programme

TOOLS = {
    "zoning": ("zoning-units", "zoning-access", "closed-zones"),
    "emergency": ("supplies", "pools", "teams"),
    "rivers": ("river-sheets", "water-gates"),
    "biodiversity": ("occurrences",),
    "farmland": ("farmland-units",),
}


def _words(name: str) -> str:
    return {
        "zoning": _("分区管控核查"),
        "emergency": _("应急资源可达"),
        "rivers": _("一河一图一策"),
        "biodiversity": _("生物多样性"),
        "farmland": _("耕地单元与土壤样品"),
    }[name]


def tool_of(definition: Definition) -> tuple[str, str] | None:
    """The page that uses a register, and its name."""
    return next(((name, _words(name)) for name, parts in TOOLS.items() if definition.serves in parts), None)


def tools(programme: Programme) -> list[tuple[str, str]]:
    rows = Register.objects.filter(programme=programme).exclude(definition__serves=None)
    there = set(rows.values_list("definition__serves", flat=True).order_by().distinct())
    return [
        (name, _words(name))
        for name, parts in TOOLS.items()
        if parts[0] in there or (name in ("zoning", "emergency") and there & set(parts))
    ]
