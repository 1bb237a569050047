"""Reads of what was measured: a programme's sites, files on their way in, and what registers say beside it."""

from .farmland import PART, Compared, apart_since, class_of, compared, farmland_rows, stated_class
from .sites import asked_of, properties, sites_of
from .taking import (
    deliveries_of,
    known_sources,
    mapping_of,
    mappings_of,
    may_measure,
    monitoring_body,
    path_of,
    progress_of,
    progress_path,
    sources_of,
    stalled,
    verdicts_of,
)

__all__ = [
    "PART", "Compared", "apart_since", "asked_of", "class_of", "compared", "deliveries_of", "farmland_rows", "known_sources", "mapping_of",
    "mappings_of", "may_measure", "monitoring_body", "path_of", "progress_of", "progress_path", "properties", "sites_of", "sources_of",
    "stalled", "stated_class", "verdicts_of",
]  # fmt: skip
