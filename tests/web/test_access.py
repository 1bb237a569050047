"""Every address × every role × reading and sending, held against the table in `access.py`."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from . import access
from .world import ELSEWHERE, put_away

pytestmark = pytest.mark.django_db
PAGES = access.lines(access.PAGES)
METHODS = {"GET": "opens", "POST": "sends"}
REFUSED, GONE, NO_METHOD, DOOR = 403, 404, 405, "sign-in"


def walked(patterns, parameters: frozenset[str] = frozenset()):
    """(name, names of its parameters) of every page; the API has a table of its own."""
    for one in patterns:
        inside = parameters | set(one.pattern.converters)
        if isinstance(one, URLPattern):
            yield one.name, inside
        elif one.app_name != "ninja":
            yield from walked(one.url_patterns, inside)


ADDRESSES = dict(walked(get_resolver().url_patterns))


def asked(world, name: str, method: str, person: str, **other):
    """What came back, as a number or as the door; whatever was written is undone. `other` values stand in the address."""
    cache.clear()
    client = world.client(person)
    given = world.parameters | world.values(PAGES[name].given) | other
    address = reverse(name, kwargs={key: given[key] for key in ADDRESSES[name]})
    with transaction.atomic():
        answer = client.post(address, PAGES[name].sent) if method == "POST" else client.get(address)
        put_away(answer)
        transaction.set_rollback(True)
    sent_away = answer.status_code == 302 and answer.url.startswith(reverse("sign-in"))
    return (
        DOOR if sent_away and (name, method) != ("sign-out", "POST") else answer.status_code
    )  # who signs out goes to the door, too


def expected(name: str, method: str, person: str) -> set:
    """The answers that refuse a person; empty where the table lets them in."""
    line = PAGES[name]
    allowed = getattr(line, METHODS[method])
    if not line.opens | line.sends:
        return {GONE, NO_METHOD}  # a page that only some installations have
    if person in allowed:
        return set()
    if person == "nobody":
        return {DOOR} if allowed else {DOOR, NO_METHOD}
    if person == "stranger":
        return {GONE, REFUSED, NO_METHOD}
    return {REFUSED} if allowed else {NO_METHOD}


NOT_LET_IN = {REFUSED, GONE, NO_METHOD, DOOR, 401, 500}


@pytest.mark.parametrize("name", sorted(str(name) for name in ADDRESSES))
def test_an_address_is_in_the_table(name):
    known = name in PAGES
    assert known, (
        f"Nobody has said who may open the page {name!r}: add a line to PAGES in tests/web/access.py with who opens it, "
        "who sends to it, and values for its parameters."
    )


def test_the_table_has_no_address_that_is_gone():
    assert PAGES.keys() - ADDRESSES.keys() == set()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(PAGES.keys() & ADDRESSES.keys()))
def test_an_address_answers_whom_the_table_names_and_nobody_else(world, plain, name, method):
    wrong = {}
    for person in access.ALL:
        answer, refusals = asked(world, name, method, person), expected(name, method, person)
        if (answer not in refusals) if refusals else (answer in NOT_LET_IN):
            wrong[person] = f"answered {answer}, the table says {' or '.join(map(str, refusals)) or 'may'}"
    assert wrong == {}, f"{method} {name}"


THINGS = sorted(name for name, parameters in ADDRESSES.items() if "programme" in parameters and len(parameters) > 1)


@pytest.mark.parametrize("name", [name for name in THINGS if name in PAGES])
def test_a_thing_of_one_programme_is_not_found_under_another(world, plain, name):
    """Numbers count on through all programmes: a number of this county's, asked for under one's own address, is not there."""
    for method in METHODS:
        assert asked(world, name, method, "stranger", programme=ELSEWHERE) in {GONE, REFUSED, NO_METHOD}, method
