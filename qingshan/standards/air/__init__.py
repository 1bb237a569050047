"""Ambient air: limits (GB 3095), the index of an hour or a day (HJ 633), the evaluation of longer periods (HJ 663).

Callable without Django: `from qingshan.standards import air`. Concentrations are exact numbers (int, Decimal, Fraction)
[μg/m³], CO [mg/m³]; None is a value that is missing. Items are SO2, NO2, CO, O3, PM10, PM25.
"""

from .evaluation import (
    ITEMS,
    LEAST_YEARS,
    Attainment,
    Day,
    GoodDays,
    Statistic,
    attainment,
    composite_index,
    composite_lacks,
    daily_mean,
    district_mean,
    enough_days,
    exceedance,
    good_days,
    held,
    hour_is_valid,
    lacking,
    mda8,
    month_is_valid,
    moving_means,
    percentile,
    single_indices,
    statistics,
    trend,
    under_each,
)
from .index import (
    GOOD,
    Aqi,
    Part,
    aqi,
    individual_index,
    items_of_day,
    leads,
    led_since,
    level,
    levels,
    may_go_unmonitored,
    primary,
)
from .limits import limit, limits

__all__ = ["GOOD", "ITEMS", "LEAST_YEARS", "held", "hour_is_valid", "items_of_day", "lacking", "leads", "led_since", "may_go_unmonitored", "month_is_valid", "moving_means", "trend",
    "Aqi", "Attainment", "Day", "GoodDays", "Part", "Statistic", "aqi", "attainment", "composite_index", "composite_lacks", "daily_mean",
    "district_mean", "enough_days", "exceedance", "good_days", "individual_index", "level", "levels", "limit", "limits", "mda8",
    "percentile", "primary", "single_indices", "statistics", "under_each",
]  # fmt: skip
