"""Who may open and who may send what, page by page: the table that `test_access.py` holds every address against.

One line for each address, its columns apart by two spaces or more:

    address     its name in `urls.py`
    opens       who may open it (GET)
    sends       who may send to it (POST); whether what they send is good is another matter
    with        values of the address's parameters, where those of `test_access.py` are not meant

Who there is: nobody (not signed in), office, liaison (of the body whose row or report it is), other (a liaison of another
body), leader, auditor, admin, and stranger (the office of another jurisdiction). `here` stands for all of this
jurisdiction, from office to admin; `all` for everybody; `-` for no one, because the address knows no such method.
"""

from typing import NamedTuple

HERE = ("office", "liaison", "other", "leader", "auditor", "admin")
ALL = ("nobody", *HERE, "stranger")

PAGES = """
address             opens                            sends                     with

home                here stranger                    -
sign-in             all                              all
provider            -                                -
provider-callback   -                                -
sign-out            -                                all
password            here stranger                    here stranger
language            -                                all
columns             -                                here stranger
audit               office auditor admin stranger    -
people              admin                            admin
account-close       -                                admin                     number=liaison
account-reopen      -                                admin                     number=liaison
account-reset       admin                            admin                     number=liaison
account-unlock      -                                admin                     number=liaison
tokens              office admin stranger            office admin stranger
token-revoke        -                                office admin              number=token

overview            here                             -
targets             here                             -
targets.xlsx        here                             -
target              here                             -                         code=phosphorus
tasks               here                             -
tasks.xlsx          here                             -
task                here                             -                         no=1
bodies              here                             -
body                here                             -                         code=works

runs                here                             -
run-new             -                                office
run                 here                             -
run-sign            -                                office leader
origin              here                             -                         code=phosphorus

lists               here                             -
list-make           -                                office
list-coverage       here                             -
list                here                             -                         year=2025
list.xlsx           here                             -                         year=2025
list-paper.xlsx     here                             -                         year=2025
list-paper.docx     here                             -                         year=2025
list-leads          office                           -                         year=2025
list-accept         -                                office                    year=2025
list-carry          -                                office                    year=2025
list-cover          -                                office                    year=2025
list-add            office                           office                    year=2025
list-issue          office                           office                    year=2025
list-drop           office                           office                    year=2025
list-amend          office                           office                    year=2025
list-amendment      office                           office                    year=2025
list-amendment-drop  office                          office                    year=2025
list-history        here                             -                         year=2025
list-item           here                             -                         year=2025 order=1
list-item-edit      office                           office                    year=2025 order=1
list-item-lead      -                                office                    year=2025 order=1
list-item-remove    -                                office                    year=2025 order=1
list-item-undo      -                                office                    year=2025 order=1
list-item-done      -                                office                    year=2025 order=1

plans               here                             -
plan-upload         office                           office
plan                here                             -
plan-original       here                             -
plan-facts          office                           office
plan-target-add     office                           office
plan-target         office                           office                    code=d01
plan-target-remove  -                                office                    code=d01
plan-task           office                           office                    order=0
plan-task-remove    -                                office                    order=0
plan-adopt          office                           office
plan-discard        office                           office
"""


class Line(NamedTuple):
    """What the table says of one address; `given` holds values of its parameters."""

    opens: frozenset[str]
    sends: frozenset[str]
    given: dict[str, str]


def lines(table: str) -> dict[str, Line]:
    """The table's lines by address. Raises ValueError where one names somebody unknown or an address twice."""
    found: dict[str, Line] = {}
    for row in filter(None, (row.strip() for row in table.strip().splitlines()[1:])):
        address, opens, sends, *given = [part.strip() for part in row.split("  ") if part.strip()]
        if address in found:
            raise ValueError(f"{address} stands twice in the table")
        found[address] = Line(who(opens), who(sends), dict(one.split("=", 1) for one in " ".join(given).split()))
    return found


def who(text: str) -> frozenset[str]:
    named = frozenset(one for word in text.split() for one in {"here": HERE, "all": ALL, "-": ()}.get(word, (word,)))
    if unknown := named - set(ALL):
        raise ValueError(f"{', '.join(sorted(unknown))}: the table knows {', '.join(ALL)}, here, all and -")
    return named
