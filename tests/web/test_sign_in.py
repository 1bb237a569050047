"""The way in: too many attempts, sessions that end, first passwords, headers."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qingshan.people import actions
from qingshan.people.actions import NotAllowed, open_account
from qingshan.people.models import AuditLine, Role
from qingshan.people.queries import locked_out

from ..district import district

RIGHT, WRONG = "河清海晏-2026", "not it"
SIGN_IN = reverse("sign-in")


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(plain, db):
    return open_account(
        by=None, username="shen", password=RIGHT, role=Role.OFFICE, name="计划办", jurisdiction=district()
    )


def attempt(password: str, address: str = "10.1.1.1", name: str = "shen", client: Client | None = None, **more):
    return (client or Client()).post(SIGN_IN, {"username": name, "password": password}, REMOTE_ADDR=address, **more)


def lock(address: str = "10.1.1.1", name: str = "shen"):
    for _ in range(4):
        assert attempt(WRONG, address, name).status_code == 200
    return attempt(WRONG, address, name)


# too many attempts


def test_five_wrong_passwords_lock_the_account_for_that_network_and_say_for_how_long(account):
    answer = lock()
    told = answer.content.decode()
    assert answer.status_code == 429 and "连续 5 次" in told and "15 分钟后再试" in told
    assert answer["Retry-After"] == "900"
    assert attempt(RIGHT).status_code == 429


def test_the_minutes_that_are_left_are_told(account):
    lock()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=11, seconds=30))
    answer = attempt(RIGHT)
    assert answer.status_code == 429 and "请 4 分钟后再试" in answer.content.decode()


def test_after_a_quarter_of_an_hour_the_right_password_lets_in_again(account):
    lock()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert attempt(RIGHT).status_code == 302


def test_an_office_behind_one_address_is_not_locked_out_by_a_colleague(account):
    lock(name="somebody-else")
    assert attempt(RIGHT).status_code == 302


def test_a_person_is_not_locked_out_by_someone_elsewhere(account):
    lock(address="203.0.113.7")
    assert attempt(RIGHT).status_code == 302


def test_a_made_up_forwarded_address_does_not_help(account):
    for number in range(4):
        attempt(WRONG, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert attempt(WRONG, HTTP_X_FORWARDED_FOR="198.51.100.99").status_code == 429


def test_behind_ones_own_proxy_the_network_is_the_one_the_proxy_saw(account, settings):
    settings.PROXIES = 1
    for number in range(5):
        last = attempt(WRONG, "127.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 10.1.1.1")
    assert last.status_code == 429
    assert attempt(RIGHT, "127.0.0.1", HTTP_X_FORWARDED_FOR="10.2.2.2").status_code == 302


def test_a_good_sign_in_forgets_the_slips_before_it(account):
    for _ in range(2):
        for _ in range(4):
            attempt(WRONG)
        assert attempt(RIGHT).status_code == 302


def test_an_administrator_unlocks(account):
    lock()
    assert locked_out().keys() == {"shen"}
    assert actions.unlock_account(by=None, user=account) == 1
    assert AuditLine.objects.filter(verb="unlock_account", thing="people.user shen").exists()
    assert attempt(RIGHT).status_code == 302 and locked_out() == {}


def test_passwords_are_never_kept_with_an_attempt(account):
    attempt("秘密-secret-1")
    kept = AccessAttempt.objects.get()
    assert "秘密-secret-1" not in kept.post_data + kept.get_data


# sessions


def seen_before(client: Client, **ago) -> None:
    session = client.session
    for name, seconds in ago.items():
        session[name] = int(timezone.now().timestamp()) - seconds
    session.save()


@pytest.mark.parametrize(("ago", "ends"), [
    ({"seen": 2 * 3600 - 60}, False), ({"seen": 2 * 3600 + 60}, True),
    ({"began": 12 * 3600 - 60}, False), ({"began": 12 * 3600 + 60}, True),
], ids=["idle for less than two hours", "idle for more", "twelve hours not over", "twelve hours over"])  # fmt: skip
def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_any_case(account, client, ago, ends):
    client.force_login(account)
    seen_before(client, **ago)
    answer = client.get(reverse("home"))
    if ends:
        assert answer.status_code == 302 and answer.url.startswith(SIGN_IN)
        assert "已自动退出" in client.get(answer.url).content.decode()
    else:
        assert answer.status_code == 200


def test_being_there_keeps_a_session_alive(account, client):
    client.force_login(account)
    seen_before(client, seen=3600)
    client.get(reverse("home"))
    assert timezone.now().timestamp() - client.session["seen"] < 60


def test_a_closed_account_is_out_at_once_and_stays_out(account, client):
    client.force_login(account)
    actions.close_account(by=None, user=account)
    assert client.get(reverse("home")).status_code == 302
    assert attempt(RIGHT).status_code == 200
    actions.reopen_account(by=None, user=account)
    assert attempt(RIGHT).status_code == 302
    verbs = AuditLine.objects.filter(thing="people.user shen").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["open_account", "close_account", "reopen_account"]


def test_nobody_closes_their_own_account(account):
    chief = open_account(
        by=None, username="chief", password=RIGHT, role=Role.ADMIN, name="系统管理", jurisdiction=district()
    )
    with pytest.raises(NotAllowed, match="自己的账号"):
        actions.close_account(by=chief, user=chief)


# passwords


def change(client: Client, new: str, old: str = RIGHT, again: str | None = None):
    return client.post(
        reverse("password"),
        {"old_password": old, "new_password1": new, "new_password2": new if again is None else again},
    )


def test_a_first_password_must_be_changed_before_anything_opens(account, client):
    actions.reset_password(by=None, user=account, password=RIGHT)
    attempt(RIGHT, client=client)
    for name in ("home", "audit", "tokens"):
        assert client.get(reverse(name)).url == reverse("password")
    assert "别人替您设的" in client.get(reverse("password")).content.decode()
    assert change(client, "山高水长-2027").url == reverse("home")
    assert client.get(reverse("home")).status_code == 200


def test_a_new_password_ends_other_sessions_but_not_this_one(account, client):
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(account)
    change(client, "山高水长-2027")
    assert client.get(reverse("home")).status_code == 200
    assert elsewhere.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(("given", "told"), [
    ({"new": "短1"}, "至少"), ({"new": "1357924680"}, "数字"), ({"new": "password123"}, "常见"),
    ({"new": RIGHT}, "与现在的密码相同"), ({"new": "山高水长-2027", "old": WRONG}, "旧密码"),
    ({"new": "山高水长-2027", "again": "别的-20271"}, "不"),
], ids=["short", "digits only", "common", "the same", "wrong present one", "typed differently"])  # fmt: skip
def test_a_password_that_will_not_do_is_refused_in_chinese(account, client, given, told):
    client.force_login(account)
    answer = change(client, **given)
    errors = answer.context["form"].errors.as_text()
    assert answer.status_code == 200 and told in errors
    account.refresh_from_db()
    assert account.check_password(RIGHT)


# headers


def test_pages_say_that_nothing_foreign_may_be_loaded(account, client):
    client.force_login(account)
    answer = client.get(reverse("home"))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "script-src" not in policy and "unsafe-eval" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin" and "private" in answer["Cache-Control"]
