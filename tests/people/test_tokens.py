"""Access tokens: who issues them, for how long, and what is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Role
from qingshan.people.queries import accounts_of
from qingshan.people.tokens.actions import LONGEST, new_token, revoke_token
from qingshan.people.tokens.queries import token_shown, tokens_of
from qingshan.people.tokens.secret import PREFIX, digest, fresh

from ..district import district, person

TODAY = date(2026, 7, 31)


def issue(by, last=TODAY, scope="read"):
    return new_token(by=by, body=by.body, name="水务平台", scope=scope, expires_on=last, today=TODAY)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
def test_the_office_and_the_administrator_issue_and_revoke(db, role):
    by = person(role)
    token, secret = issue(by)
    assert token_shown(secret, TODAY) == token and token.account.body == by.body
    revoke_token(by=by, token=token)
    assert token_shown(secret, TODAY) is None and list(tokens_of(district())) == [token]
    lines = AuditLine.objects.order_by("id").values_list("verb", "thing", "by")
    account = f"people.token {token.account.username}"
    assert list(lines) == [("new_token", account, by.username), ("revoke_token", account, by.username)]


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.AUDITOR])
def test_others_do_not(db, role):
    with pytest.raises(NotAllowed):
        issue(person(role))


@pytest.mark.parametrize("days", [-1, LONGEST + 1])
def test_a_token_is_good_for_a_year_at_most_and_never_over_already(db, days):
    with pytest.raises(NotAllowed, match=str(LONGEST)):
        issue(person(Role.OFFICE), TODAY + timedelta(days))


def test_a_token_is_good_on_its_last_day_and_not_after(db):
    _, secret = issue(person(Role.OFFICE), TODAY + timedelta(1))
    assert token_shown(secret, TODAY + timedelta(1)) and not token_shown(secret, TODAY + timedelta(2))


def test_each_token_has_an_account_of_its_own_that_is_no_persons(db):
    by = person(Role.OFFICE)
    names = {issue(by)[0].account.username for _ in range(3)}
    assert len(names) == 3 and list(accounts_of(district())) == [by]


@given(st.lists(st.builds(fresh), min_size=2, max_size=20))
def test_secrets_differ_and_none_is_its_own_hash(secrets):
    assert len({digest(one) for one in secrets}) == len(secrets)
    assert all(one.startswith(PREFIX) and len(one) > 40 and digest(one) != one for one in secrets)
