"""The shapes of what the API says and is told, by the room they tell of."""

from .basic import BodyName, Day, Limit, Number, Person, Revision, Short, Status, Value, Words
from .evidence import FigureOut, ItemOut, MetricOut, SeriesOut, SeriesRows, Source, WayBack
from .plans import BodyOut, EditionLine, EditionOut, Measure, Part, Place, PlanTarget, PlanTask, ProgrammeOut, Theme
from .registers import (
    EntryChange,
    EntryIn,
    EntryMove,
    EntryOut,
    EntryPage,
    EntryWithdrawal,
    Feature,
    FeatureCollection,
    Geometry,
    RegisterLine,
    RegisterOut,
    RevisionOut,
)
from .runs import Judged, JudgedTask, RunIn, RunLine, RunOut, TaskOut
from .trail import AuditOut, AuditPage

__all__ = [
    "AuditOut", "AuditPage", "BodyName", "BodyOut", "Day", "EditionLine", "EditionOut", "EntryChange", "EntryIn",
    "EntryMove", "EntryOut", "EntryPage", "EntryWithdrawal", "Feature", "FeatureCollection", "FigureOut",
    "Geometry", "ItemOut", "Judged", "JudgedTask", "Limit", "Measure", "MetricOut", "Number", "Part", "Person",
    "Place", "PlanTarget", "PlanTask", "ProgrammeOut", "RegisterLine", "RegisterOut", "Revision", "RevisionOut",
    "RunIn", "RunLine", "RunOut", "SeriesOut", "SeriesRows", "Short", "Source", "Status", "TaskOut", "Theme",
    "Value", "WayBack", "Words",
]  # fmt: skip
