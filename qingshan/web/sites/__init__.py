"""Sites of each medium as pages tell them: a line of the list, and all that a site's own page shows.

A medium is a file with `heads`, `found_of`, `line`, `of_group`, `page`, and the name of its TEMPLATE.
"""

from types import ModuleType

from . import air, groundwater, noise, rain, sea, soil, water

MEDIA: dict[str, ModuleType] = {
    "air": air,
    "water": water,
    "groundwater": groundwater,
    "soil": soil,
    "noise": noise,
    "sea": sea,
    "rain": rain,
}
