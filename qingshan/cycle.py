"""One reporting cycle from start to end: read this first.

    plan in force → values of its metrics → judgements of its targets → tasks → a record that can be signed

Everything the cycle reads is bounded by two times: `as_of`, the day judged, and `cutoff`, the instant after which nothing
recorded was read. The same two give the same record, byte for byte, however much was added or corrected since.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction

from qingshan.config.version import code_version
from qingshan.evaluation import actions
from qingshan.evaluation.assessing import assess
from qingshan.evaluation.models import Run
from qingshan.evaluation.record import Header, build, canonical
from qingshan.indicators.queries import measurements_version, units_as_of, values_as_of
from qingshan.people.actions import require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Edition, Programme
from qingshan.plan.queries import content_of, standing_edition

Watch = Callable[[Iterable], Iterable]  # wraps what is gone through, to show how far it is


def run_cycle(*, programme: Programme, as_of: date, by: User | None = None, watch: Watch = iter) -> Run:
    """Judge the programme as of a day and keep the run. Raises Refused where no plan is in force."""
    require(by, "evaluate")
    with transaction.atomic():
        cutoff = turn()
    edition = _edition(programme, cutoff)
    text = _settled(edition, as_of, cutoff, watch)
    return actions.keep(by=by, edition=edition, as_of=as_of, cutoff=cutoff, code_version=code_version(), text=text)


def _settled(edition: Edition, as_of: date, cutoff: datetime, watch: Watch) -> str:
    """The record, judged again where measurements arrived meanwhile: those on their way at the cutoff count as known by then."""
    before = measurements_version()
    text = judged(edition, as_of, cutoff, code_version(), watch)
    while (now := measurements_version()) != before:
        before, text = now, judged(edition, as_of, cutoff, code_version(), watch)
    return text


def reproduce(run: Run, watch: Watch = iter) -> str:
    """The record of an old run computed anew, from what was known and recorded then."""
    return judged(run.edition, run.as_of, run.cutoff, run.code_version, watch)


def judged(edition: Edition, as_of: date, cutoff: datetime, code: str, watch: Watch = iter) -> str:
    """The canonical record of an edition as of a day."""
    content = content_of(edition)
    values = values_as_of(edition.programme, as_of, cutoff)
    assessments = [assess(target, values.get(target.metric), as_of) for target in watch(content.targets)]
    header = Header(edition.programme.code, edition.ordinal, content.title, content.digest, as_of, cutoff, code)
    units = units_as_of(edition.programme, cutoff)
    return canonical(build(header, assessments, [task.no for task in content.tasks], units))


def _edition(programme: Programme, at: datetime) -> Edition:
    edition = standing_edition(programme, at)
    if edition is None:
        raise Refused(
            f"“{programme}”还没有采用的规划，无从评估。请先在“规划”中上传并采用文件。",
            f"No edition of “{programme}” has been adopted; upload and adopt its document under “Plans” first.",
        )
    return edition
