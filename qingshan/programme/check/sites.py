"""Sites and what each medium asks of them."""

from collections.abc import Iterator

from qingshan.observations.assess.soil import FARMLAND
from qingshan.observations.assess.unmonitored import NoPlan, plans
from qingshan.programme.reading import Reading
from qingshan.programme.schema import Problem, Site

from .naming import unknown

# What the law of a medium asks of each of its sites, in both languages.
ASKED_OF_SITES = {
    "body": ("water", "水体类型 body（river 或 lake）", "its kind of water body in body (river or lake)"),
    "zone": ("noise", "声环境功能区 zone（0、1、2、3、4a、4b，施工场界写 building）", "its functional zone in zone (0 to 4b, or building)"),
    "land": ("soil", "土地用途 land（paddy、rotation、orchard、other，建设用地写 class-1 或 class-2）",
             "its land use in land (paddy, rotation, orchard, other, class-1 or class-2)"),
    "area": ("sea", "代表面积 area（平方公里，大于 0）", "the area it speaks for in area (km², above 0)"),
}  # fmt: skip


def sites_fit(reading: Reading) -> Iterator[Problem]:
    units = _units(reading)
    for site in reading.programme.sites:
        yield from unknown(reading, site, "source", "sources", [site.source])
        yield from _sampling(site, units)
        yield from _planned(site)
        yield from _natural(site)
        yield from _asked_of(site)
        yield from _grouped(reading, site)
        if not (-180 <= site.lon <= 180 and -90 <= site.lat <= 90):
            yield site.problem(
                "lon",
                f"点位 {site.code} 的经纬度 {site.lon}, {site.lat} 超出 ±180、±90",
                f"{site.code}: {site.lon}, {site.lat} lie outside ±180 and ±90 degrees",
            )


def _asked_of(site: Site) -> Iterator[Problem]:
    for name, (medium, zh, en) in ASKED_OF_SITES.items():
        told = getattr(site, name)
        yield from _only_of(site, name, medium)
        if site.medium == medium and (told is None or (name == "area" and told <= 0)):
            yield site.problem(name, f"点位 {site.code} 须写明{zh}", f"{site.code} needs {en}")


def _only_of(site: Site, name: str, medium: str) -> Iterator[Problem]:
    told = getattr(site, name)
    if site.medium != medium and told is not None:
        yield site.problem(
            name,
            f"点位 {site.code} 的介质是 {site.medium}，不写 {name}，现为 {told}",
            f"{site.code} is a site of {site.medium} and has no {name}; it says {told}",
        )


def _units(reading: Reading) -> set[str]:
    """The keys of the units of farmland in the registers that serve as such."""
    registers = {one.code: one for one in reading.programme.registers if one.serves == "farmland-units"}
    return {registers[row.register].key_of(row.data) for row in reading.programme.entries if row.register in registers}


def _sampling(site: Site, units: set[str]) -> Iterator[Problem]:
    """A unit is named for a point of farmland, by the key of a row that there is."""
    if site.unit is None:
        return
    if site.land not in FARMLAND:
        yield site.problem(
            "unit",
            f"点位 {site.code} 不是农用地土壤点位，不写 unit，现为 {site.unit}",
            f"{site.code} is no point of farmland and has no unit; it says {site.unit}",
        )
    elif site.unit not in units:
        yield site.problem(
            "unit",
            f"点位 {site.code} 的耕地单元 {site.unit} 不在 serves 为 farmland-units 的台账中，请先登记或改正",
            f"{site.code}: the unit {site.unit} is in no register that serves as farmland-units; add it there or correct it",
        )


def _planned(site: Site) -> Iterator[Problem]:
    """What a station of air need not monitor can be read."""
    yield from _only_of(site, "unmonitored", "air")
    if site.unmonitored is None or site.medium != "air":
        return
    try:
        plans([{"code": site.code, "unmonitored": site.unmonitored}])
    except NoPlan as wrong:
        yield site.problem("unmonitored", wrong.zh, wrong.en)


def _natural(site: Site) -> Iterator[Problem]:
    """The natural value of suspended matter is one of a station of the sea and not below zero."""
    yield from _only_of(site, "natural", "sea")
    if site.natural is not None and site.natural < 0:
        yield site.problem(
            "natural",
            f"站位 {site.code} 的悬浮物自然值 natural 为 {site.natural}，应不小于 0（mg/L）",
            f"{site.code}: the natural value of suspended matter is {site.natural}; it should be 0 or more (mg/L)",
        )


def _grouped(reading: Reading, site: Site) -> Iterator[Problem]:
    head = reading.programme.head
    if site.medium == "groundwater" and site.group is None:
        yield site.problem(
            "group",
            f"地下水点位 {site.code} 须写明所属园区 group",
            f"{site.code} needs the park it watches in group",
        )
    if site.group and head and site.group not in {one.code for one in head.groups}:
        yield site.problem(
            "group",
            f"点位 {site.code} 的组 {site.group} 不在 programme.yaml 的 groups 中，请先登记或改正",
            f"{site.code}: group {site.group} is not among the groups of programme.yaml; add it there or correct it",
        )


def dust_fits(reading: Reading) -> Iterator[Problem]:
    """Days of dust at stations of air that there are, each said once."""
    air, seen = {one.code for one in reading.programme.sites if one.medium == "air"}, set()
    for one in reading.programme.dust:
        yield from unknown(reading, one, "source", "sources", [one.source])
        if one.site and one.site not in air:
            yield one.problem(
                "site",
                f"沙尘日 {one.day} 的点位 {one.site} 不是 sites.csv 中的空气点位，请改正；全部点位都受影响的不写 site",
                f"{one.day}: {one.site} is not a station of air in sites.csv; correct it, or leave site empty for all stations",
            )
        if (one.day, one.site) in seen:
            yield one.problem("day", f"沙尘日 {one.day} 重复，请删去一行", f"{one.day} is told twice; remove a row")
        seen.add((one.day, one.site))
