"""The shapes of what the API says and is told, by the room they tell of."""

from .basic import BodyName, Day, Id, Limit, LocalTime, Number, Person, Reason, Revision, Short, Status, Value, Words
from .evidence import (
    BindingOut,
    CountedOut,
    CountedRow,
    FigureOut,
    ItemOut,
    MetricOut,
    SeriesOut,
    SeriesRows,
    Source,
    StreamOut,
    StreamPeriod,
    WayBack,
)
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
    "AuditOut", "AuditPage", "BindingOut", "BodyName", "CountedOut", "CountedRow", "BodyOut", "Day", "EditionLine", "EditionOut", "EntryChange", "EntryIn",
    "EntryMove", "EntryOut", "EntryPage", "EntryWithdrawal", "Feature", "FeatureCollection", "FigureOut",
    "Geometry", "Id", "ItemOut", "Judged", "JudgedTask", "Limit", "LocalTime", "Measure", "MetricOut", "Number", "Part", "Person",
    "Place", "PlanTarget", "PlanTask", "ProgrammeOut", "Reason", "RegisterLine", "RegisterOut", "Revision", "RevisionOut",
    "RunIn", "RunLine", "RunOut", "SeriesOut", "SeriesRows", "Short", "Source", "Status", "StreamOut", "StreamPeriod", "TaskOut", "Theme",
    "Value", "WayBack", "Words",
]  # fmt: skip
