"""Who may open and who may send what, page by page: the table that `test_access.py` holds every address against.

One line for each address, its columns apart by two spaces or more:

    address     its name in `urls.py`
    opens       who may open it (GET)
    sends       who may send to it (POST); whether what they send is good is another matter
    with        values of the address's parameters, where those of `world.py` are not meant; what is sent, after a +

Who there is: nobody (not signed in), office, liaison (of the body whose row or report it is), other (a liaison of another
body), leader, auditor, admin, and stranger (the office of another jurisdiction). `here` stands for all of this
jurisdiction, from office to admin; `all` for everybody; `-` for no one, because the address knows no such method.
"""

from typing import NamedTuple

HERE = ("office", "liaison", "other", "leader", "auditor", "admin")
ALL = ("nobody", *HERE, "stranger")
TOKENS = ("token", "reader")

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
api-nowhere         -                                -
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
list-make           -                                office                    +year=2026
list-coverage       here                             -
list                here                             -                         year=2025
list.xlsx           here                             -                         year=2025
list-paper.xlsx     here                             -                         year=2025
list-paper.docx     here                             -                         year=2025
list-leads          office                           -                         year=2025
list-accept         -                                office                    year=2025
list-carry          -                                office                    year=2025
list-cover          -                                office                    year=2025 +target=phosphorus
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

scores              here                             -
score-new           -                                office
score-sheet         here                             -                         number=sheet
score-sheet.xlsx    here                             -                         number=sheet
score-sheet.docx    here                             -                         number=sheet
score-body          here                             -                         number=sheet code=works
score-publish       -                                office                    number=sheet
score-withdraw      -                                office                    number=sheet
score-sign          -                                office leader             number=sheet
score-consent       -                                liaison other             number=sheet
score-object        -                                liaison other             number=sheet
score-answer        -                                office                    number=sheet objection=objection

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

inbox               here stranger                    here stranger
inbox-read          -                                here stranger
coordination        here                             -
matters.xlsx        here                             -
coordination-run    -                                office
alert               here                             -                         number=alert
alert-acknowledge   -                                office liaison            number=alert
alert-settle        -                                office leader             number=alert
assignments         here                             -
assignment          here                             -                         number=assignment
assignment-handle   -                                office liaison            number=assignment
assignment-proof    office liaison leader auditor    -                         number=assignment handling=proof
meeting-new         -                                office
meeting             here                             -                         meeting=meeting
meeting-add         -                                office                    meeting=meeting
meeting-edit        -                                office                    meeting=meeting
meeting-sign        -                                leader                    meeting=meeting
meeting-propose     -                                office                    meeting=meeting item=item
meeting-move        -                                office                    meeting=meeting item=item
meeting-drop        -                                office                    meeting=meeting item=item
meeting-decide      -                                leader                    meeting=meeting item=item
meeting-paper       here                             -                         meeting=meeting kind=agenda form=docx

reports             here                             -
reports.xlsx        here                             -
reports-open        -                                office
reports-close       -                                office                    kind=quarter period=2026-Q2
report              office liaison leader auditor admin  -     kind=quarter period=2026-Q2 body=works
report.xlsx         office liaison leader auditor admin  -     kind=quarter period=2026-Q2 body=works
report-file         office liaison leader auditor admin  -     kind=quarter period=2026-Q2 body=works file=evidence
report-upload       liaison                          liaison                   kind=quarter period=2026-Q2 body=works
report-save         -                                liaison                   kind=quarter period=2026-Q2 body=works
report-line         -                                liaison                   kind=quarter period=2026-Q2 body=works pk=line
report-attach       -                                liaison                   kind=quarter period=2026-Q2 body=works pk=line
report-detach       -                                liaison                   kind=quarter period=2026-Q2 body=works file=evidence
report-decide       -                                office                    kind=quarter period=2026-Q2 body=works
report-reopen       -                                office                    kind=quarter period=2026-Q2 body=works

zoning              here                             here
emergency           here                             -
incidents           here                             -
incident-open       office                           office
incident            office liaison leader auditor admin  -                     incident=incident
incident.docx       office liaison leader auditor admin  -                     incident=incident
incident-call       -                                office                    incident=incident
incident-step       -                                office liaison            incident=incident number=call
incident-note       -                                office liaison            incident=incident
incident-close      -                                office                    incident=incident
retention           office                           office
rivers              here                             -
river               here                             -                         number=river
biodiversity        here                             -
farmland            here                             -

measurements        here                             -
measurement         here                             -                         site=sample-air
measurements-import  office liaison                  office liaison
measurements-import-one  office liaison              liaison                   number=delivery
measurements-map    office liaison                   office liaison            number=delivery
measurements-template  here                          -                         medium=air
measurements-review  office liaison                  office liaison
measurements-air-years  here                         -
measurements.xlsx   here                             -                         medium=air
measurement-origin  here                             -                         site=sample-air
measurement-rows    here                             -                         site=sample-air
measurement-rows.xlsx  here                          -                         site=sample-air

registers           here                             -
registers-list      here                             -                         code=outfalls
registers-map       here                             -                         code=outfalls
registers-template  here                             -                         code=outfalls
registers.xlsx      here                             -                         code=outfalls
registers.csv       here                             -                         code=outfalls
registers.zip       here                             -                         code=outfalls
registers-columns   -                                here                      code=outfalls
registers-keep      -                                here                      code=outfalls
registers-forget    -                                liaison                   code=outfalls number=kept
registers-keys      here                             -                         code=outfalls
registers-labels    here                             -                         code=outfalls
registers-bulk      office liaison other             office liaison other      code=outfalls
registers-upload    office liaison other             office liaison other      code=outfalls
registers-upload-one  office liaison                 liaison                   code=outfalls number=upload
registers-add       office liaison other             office liaison other      code=outfalls
registers-entry     here                             -                         code=outfalls number=entry
registers-edit      office liaison                   office liaison            code=outfalls number=entry
registers-move      -                                office liaison            code=outfalls number=entry
registers-withdraw  -                                office liaison            code=outfalls number=entry
registers-attach    -                                office liaison            code=outfalls number=entry
registers-file      office liaison auditor           -                         code=outfalls number=entry file=file
"""


# The API: whom each operation answers. A token is its body's liaison; `reader` is one that may only read.
API = """
operation                                                           who

GET /programmes                                                     here stranger token reader
GET /programmes/{programme}                                         here token reader
GET /programmes/{programme}/bodies                                  here token reader
GET /programmes/{programme}/editions                                here token reader
GET /programmes/{programme}/editions/{ordinal}                      here token reader
POST /programmes/{programme}/editions                               office
PATCH /programmes/{programme}/editions/{ordinal}                    office
GET /programmes/{programme}/editions/{ordinal}/problems             here token reader
GET /programmes/{programme}/editions/{ordinal}/original             here token reader
POST /programmes/{programme}/editions/{ordinal}/targets             office
PATCH /programmes/{programme}/editions/{ordinal}/targets/{code}     office
POST /programmes/{programme}/editions/{ordinal}/targets/{code}/remove    office
PATCH /programmes/{programme}/editions/{ordinal}/tasks/{no}         office
POST /programmes/{programme}/editions/{ordinal}/tasks/{no}/remove   office
POST /programmes/{programme}/editions/{ordinal}/adopt               office
POST /programmes/{programme}/editions/{ordinal}/discard             office

GET /programmes/{programme}/overview                                here token reader
GET /programmes/{programme}/targets                                 here token reader
GET /programmes/{programme}/targets/{code}                          here token reader
GET /programmes/{programme}/targets/{code}/sources                  here token reader
GET /programmes/{programme}/targets.xlsx                            here token reader
GET /programmes/{programme}/tasks.xlsx                              here token reader
GET /programmes/{programme}/tasks                                   here token reader
GET /programmes/{programme}/tasks/{no}                              here token reader
GET /programmes/{programme}/tasks/{no}/sources                      here token reader
GET /programmes/{programme}/runs                                    here token reader
POST /programmes/{programme}/runs                                   office
GET /programmes/{programme}/runs/{number}                           here token reader
POST /programmes/{programme}/runs/{number}/sign                     office leader
GET /programmes/{programme}/runs/{number}/targets/{code}            here token reader

GET /programmes/{programme}/metrics                                 here token reader
GET /programmes/{programme}/metrics/{code}                          here token reader
GET /programmes/{programme}/series                                  here token reader
GET /programmes/{programme}/series/{code}                           here token reader

GET /programmes/{programme}/registers                               here token reader
GET /programmes/{programme}/registers/{code}                        here token reader
GET /programmes/{programme}/registers/{code}/entries.geojson        here token reader
GET /programmes/{programme}/registers/{code}/entries                here token reader
POST /programmes/{programme}/registers/{code}/entries               office liaison token
GET /programmes/{programme}/registers/{code}/entries/{number}       here token reader
PATCH /programmes/{programme}/registers/{code}/entries/{number}     office liaison token
GET /programmes/{programme}/registers/{code}/entries/{number}/revisions    here token reader
POST /programmes/{programme}/registers/{code}/entries/{number}/move        office liaison token
POST /programmes/{programme}/registers/{code}/entries/{number}/withdraw    office liaison token
GET /programmes/{programme}/registers/{code}/entries/{number}/files       office liaison auditor token reader
POST /programmes/{programme}/registers/{code}/entries/{number}/files      office liaison token
GET /programmes/{programme}/registers/{code}/entries/{number}/files/{file}    office liaison auditor token reader
POST /programmes/{programme}/registers/{code}/bulk                  office liaison token
GET /programmes/{programme}/registers/{code}/labels                 here token reader
GET /programmes/{programme}/registers/{code}/template.xlsx          here token reader
GET /programmes/{programme}/registers/{code}/entries.xlsx           here token reader
GET /programmes/{programme}/registers/{code}/entries.csv            here token reader
GET /programmes/{programme}/registers/{code}/entries.zip            here token reader
GET /programmes/{programme}/registers/{code}/uploads                office liaison other token reader
POST /programmes/{programme}/registers/{code}/uploads               office liaison other token
GET /programmes/{programme}/registers/{code}/uploads/{number}       office liaison
POST /programmes/{programme}/registers/{code}/uploads/{number}/take    liaison
GET /programmes/{programme}/registers/{code}/filters                here token reader
POST /programmes/{programme}/registers/{code}/filters               here token
DELETE /programmes/{programme}/registers/{code}/filters/{number}    liaison
GET /programmes/{programme}/retention                               office
POST /programmes/{programme}/retention                              office

GET /programmes/{programme}/zoning                                  here token reader
POST /programmes/{programme}/zoning                                 here token
GET /programmes/{programme}/emergency                               here token reader
GET /programmes/{programme}/rivers                                  here token reader
GET /programmes/{programme}/rivers/{number}                         here token reader
GET /programmes/{programme}/biodiversity                            here token reader
GET /programmes/{programme}/farmland                                here token reader
GET /programmes/{programme}/incidents                               here token reader
POST /programmes/{programme}/incidents                              office
GET /programmes/{programme}/incidents/{ordinal}                     office liaison leader auditor admin token reader
GET /programmes/{programme}/incidents/{ordinal}/record.docx         office liaison leader auditor admin token reader
POST /programmes/{programme}/incidents/{ordinal}/calls              office
POST /programmes/{programme}/incidents/{ordinal}/calls/{call}       office liaison token
POST /programmes/{programme}/incidents/{ordinal}/notes              office liaison token
POST /programmes/{programme}/incidents/{ordinal}/close              office

GET /programmes/{programme}/sites                                   here token reader
GET /programmes/{programme}/sites/{site}/rows                       here token reader
GET /programmes/{programme}/sites/{site}/origins                    here token reader
GET /programmes/{programme}/sites/{site}/history                    here token reader
GET /programmes/{programme}/sites/{site}/samples                    here token reader
GET /programmes/{programme}/air                                     here token reader
GET /programmes/{programme}/air/years                               here token reader
GET /programmes/{programme}/sites/{site}/air                        here token reader
GET /programmes/{programme}/sites/{site}/air/days                   here token reader
GET /programmes/{programme}/sites/{site}/air/months                 here token reader
GET /programmes/{programme}/sites/{site}/air/period                 here token reader
GET /programmes/{programme}/sites/{site}/air/hours                  here token reader
GET /programmes/{programme}/water                                   here token reader
GET /programmes/{programme}/sites/{site}/water                      here token reader
GET /programmes/{programme}/sites/{site}/water/months               here token reader
GET /programmes/{programme}/sites/{site}/water/period               here token reader
GET /programmes/{programme}/sites/{site}/water/samples              here token reader
GET /programmes/{programme}/sites/{site}/water/trends               here token reader
GET /programmes/{programme}/water/groups                            here token reader
GET /programmes/{programme}/sites/{site}/rows.xlsx                  here token reader
GET /programmes/{programme}/measurements/{medium}.xlsx              here token reader
GET /programmes/{programme}/measurements/templates/{medium}.xlsx    here token reader
GET /programmes/{programme}/measurements/sources                    office liaison token reader
GET /programmes/{programme}/measurements/deliveries                 office liaison token reader
POST /programmes/{programme}/measurements/deliveries                office liaison token
GET /programmes/{programme}/measurements/deliveries/{number}        office liaison token reader
POST /programmes/{programme}/measurements/deliveries/{number}/take    liaison
GET /programmes/{programme}/measurements/deliveries/{number}/mapping    office liaison token reader
POST /programmes/{programme}/measurements/deliveries/{number}/mapping    office liaison token
GET /programmes/{programme}/measurements/flagged                    office liaison token reader
GET /programmes/{programme}/measurements/verdicts                   office liaison token reader
POST /programmes/{programme}/measurements/verdicts                  office liaison token

GET /programmes/{programme}/lists                                   here token reader
POST /programmes/{programme}/lists                                  office
GET /programmes/{programme}/lists/coverage                          here token reader
GET /programmes/{programme}/lists/{year}                            here token reader
DELETE /programmes/{programme}/lists/{year}                         office
GET /programmes/{programme}/lists/{year}/papers                     here token reader
GET /programmes/{programme}/lists/{year}/paper.docx                 here token reader
GET /programmes/{programme}/lists/{year}/paper.xlsx                 here token reader
POST /programmes/{programme}/lists/{year}/items                     office
GET /programmes/{programme}/lists/{year}/items/{order}              here token reader
PATCH /programmes/{programme}/lists/{year}/items/{order}            office
POST /programmes/{programme}/lists/{year}/items/{order}/lead        office
POST /programmes/{programme}/lists/{year}/items/{order}/remove      office
POST /programmes/{programme}/lists/{year}/items/{order}/undo        office
POST /programmes/{programme}/lists/{year}/items/{order}/done        office
POST /programmes/{programme}/lists/{year}/sources                   office
POST /programmes/{programme}/lists/{year}/carry                     office
POST /programmes/{programme}/lists/{year}/leads                     office
POST /programmes/{programme}/lists/{year}/issue                     office
POST /programmes/{programme}/lists/{year}/amendment                 office
DELETE /programmes/{programme}/lists/{year}/amendment               office
POST /programmes/{programme}/lists/{year}/amendment/issue           office

GET /programmes/{programme}/rounds                                  here token reader
POST /programmes/{programme}/rounds                                 office
POST /programmes/{programme}/rounds/{kind}/{period}/close           office
GET /programmes/{programme}/reports                                 here token reader
GET /programmes/{programme}/reports.xlsx                            here token reader
GET /programmes/{programme}/reports/late                            here token reader
GET /programmes/{programme}/reports/rates                           here token reader
GET /programmes/{programme}/reports/{number}                        office liaison leader auditor admin token reader
PATCH /programmes/{programme}/reports/{number}                      liaison token
POST /programmes/{programme}/reports/{number}/submit                liaison token
GET /programmes/{programme}/reports/{number}/report.xlsx            office liaison leader auditor admin token reader
POST /programmes/{programme}/reports/{number}/workbook              liaison token
POST /programmes/{programme}/reports/{number}/lines/{line}/files    liaison token
GET /programmes/{programme}/reports/{number}/files/{file}           office liaison leader auditor admin token reader
DELETE /programmes/{programme}/reports/{number}/files/{file}        liaison token
GET /programmes/{programme}/reports/{number}/review                 office leader auditor admin
POST /programmes/{programme}/reports/{number}/accept                office
POST /programmes/{programme}/reports/{number}/return                office
POST /programmes/{programme}/reports/{number}/reopen                office

GET /programmes/{programme}/matters                                 here token reader
GET /programmes/{programme}/matters.xlsx                            here token reader
GET /programmes/{programme}/matters/waits                           here token reader
POST /programmes/{programme}/matters/run                            office
GET /programmes/{programme}/alerts                                  here token reader
GET /programmes/{programme}/alerts/{number}                         here token reader
POST /programmes/{programme}/alerts/{number}/acknowledge            office liaison token
POST /programmes/{programme}/alerts/{number}/settle                 office leader
GET /programmes/{programme}/meetings                                here token reader
POST /programmes/{programme}/meetings                               office
GET /programmes/{programme}/meetings/{number}                       here token reader
PATCH /programmes/{programme}/meetings/{number}                     office
POST /programmes/{programme}/meetings/{number}/sign                 leader
GET /programmes/{programme}/meetings/{number}/{kind}.docx           here token reader
GET /programmes/{programme}/meetings/{number}/{kind}.xlsx           here token reader
POST /programmes/{programme}/meetings/{number}/items                office
PATCH /programmes/{programme}/meetings/{number}/items/{item}        office
DELETE /programmes/{programme}/meetings/{number}/items/{item}       office
POST /programmes/{programme}/meetings/{number}/items/{item}/move    office
POST /programmes/{programme}/meetings/{number}/items/{item}/decide  leader
GET /programmes/{programme}/assignments                             here token reader
GET /programmes/{programme}/assignments/{number}                    here token reader
POST /programmes/{programme}/assignments/{number}/report            office liaison token
POST /programmes/{programme}/assignments/{number}/check             office leader
GET /programmes/{programme}/assignments/{number}/proof/{handling}   office liaison leader auditor token reader

GET /programmes/{programme}/scores                                  here token reader
POST /programmes/{programme}/scores                                 office
GET /programmes/{programme}/scores/{number}                         here token reader
GET /programmes/{programme}/scores/{number}/sheet.xlsx              here token reader
GET /programmes/{programme}/scores/{number}/sheet.docx              here token reader
POST /programmes/{programme}/scores/{number}/publish                office
POST /programmes/{programme}/scores/{number}/withdraw               office
POST /programmes/{programme}/scores/{number}/sign                   office leader
POST /programmes/{programme}/scores/{number}/consent                liaison other token
POST /programmes/{programme}/scores/{number}/objections             liaison other token
POST /programmes/{programme}/scores/{number}/objections/{objection}/answer    office

GET /audit                                                          office auditor admin stranger
GET /audit/check                                                    office auditor admin stranger
GET /inbox                                                          here stranger token reader
POST /inbox/read                                                    here stranger token
GET /inbox/preference                                               here stranger token reader
PUT /inbox/preference                                               here stranger token
GET /people                                                         admin
POST /people                                                        admin
POST /people/{number}/close                                         admin
POST /people/{number}/reopen                                        admin
POST /people/{number}/unlock                                        admin
POST /people/{number}/reset                                         admin
GET /tokens                                                         office admin stranger
POST /tokens                                                        office admin stranger
POST /tokens/{number}/revoke                                        office admin
"""


class Line(NamedTuple):
    """What the table says of one address; `given` holds values of its parameters, `sent` what a form says."""

    opens: frozenset[str]
    sends: frozenset[str]
    given: dict[str, str]
    sent: dict[str, str]


def lines(table: str) -> dict[str, Line]:
    """The table's lines by address. Raises ValueError where one names somebody unknown or an address twice."""
    found: dict[str, Line] = {}
    for row in filter(None, (row.strip() for row in table.strip().splitlines()[1:])):
        address, opens, sends, *given = [part.strip() for part in row.split("  ") if part.strip()]
        if address in found:
            raise ValueError(f"{address} stands twice in the table")
        told = " ".join(given).split()
        values = dict(one.split("=", 1) for one in told if not one.startswith("+"))
        sent = dict(one[1:].split("=", 1) for one in told if one.startswith("+"))
        found[address] = Line(who(opens), who(sends), values, sent)
    return found


def operations() -> dict[str, frozenset[str]]:
    """Who is answered by each operation of the API."""
    rows = filter(None, (row.strip() for row in API.strip().splitlines()[1:]))
    return {operation.strip(): who(people) for operation, people in (row.split("  ", 1) for row in rows)}


def who(text: str) -> frozenset[str]:
    named = frozenset(one for word in text.split() for one in {"here": HERE, "all": ALL, "-": ()}.get(word, (word,)))
    if unknown := named - {*ALL, *TOKENS}:
        raise ValueError(f"{', '.join(sorted(unknown))}: the table knows {', '.join(ALL)}, here, all and -")
    return named
