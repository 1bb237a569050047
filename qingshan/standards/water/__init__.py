"""Surface water: classes of sections (GB 3838), ratings and trends (环办〔2011〕22号), trophic state, ranking index, loads.

Callable without Django: `from qingshan.standards import water`. Concentrations are exact numbers [mg/L] unless the item's table
says otherwise; the kind of water body ("river" or "lake") is told by the caller and never guessed from a name.
"""

from ..measured import Censored
from .rating import (
    Change,
    River,
    Trend,
    change_by_grade,
    change_by_share,
    good_share,
    river_main_pollutants,
    river_rating,
    spearman,
    trend,
)
from .section import BODIES, CLASSES, ItemClass, MainPollutant, Section, grade, item_class, main_pollutants, section
from .states import (
    black_odorous,
    city_ranking_index,
    flux,
    oxygen_saturation,
    ranking_change,
    ranking_index,
    trophic_index,
)

__all__ = [
    "BODIES", "CLASSES", "Censored", "Change", "ItemClass", "MainPollutant", "River", "Section", "Trend", "black_odorous", "change_by_grade",
    "change_by_share", "city_ranking_index", "flux", "good_share", "grade", "item_class", "main_pollutants", "oxygen_saturation",
    "ranking_change", "ranking_index", "river_main_pollutants", "river_rating", "section", "spearman", "trend", "trophic_index",
]  # fmt: skip
