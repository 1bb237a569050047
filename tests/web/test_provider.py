"""Sign-in by an identity provider, played by a server on loopback."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from qingshan.config.oidc import from_environment
from qingshan.people.actions import close_account, open_account
from qingshan.people.models import Role, User

from ..district import district

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SOMEONE = {"sub": "s-1", "email": "Shen@example.org", "email_verified": True, "preferred_username": "shen"}


class Provider(BaseHTTPRequestHandler):
    """Says who someone is by `told` and `token`, which a test sets."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "a", "id_token": self.server.token(), "token_type": "Bearer"})

    def do_GET(self):
        jwks = {"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k", "alg": "RS256"}]}
        self._say(jwks if self.path == "/jwks" else self.server.told)

    def _say(self, told):
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told):
        pass


@pytest.fixture
def provider(plain, settings, monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.issuer = f"http://127.0.0.1:{server.server_port}"
    server.told = dict(SOMEONE)
    turn_on(settings, server.issuer)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def turn_on(settings, issuer: str, **more) -> None:
    given = {"QINGSHAN_OIDC_ISSUER": issuer, "QINGSHAN_OIDC_CLIENT": "qingshan", "QINGSHAN_OIDC_SECRET": "shh"}
    settings.OIDC = from_environment(given | more)
    for name, value in settings.OIDC.items():
        setattr(settings, name, value)
    settings.AUTHENTICATION_BACKENDS = [*configured.AUTHENTICATION_BACKENDS, "qingshan.web.provider.Provider"]


@pytest.fixture
def account(db):
    return open_account(
        by=None,
        username="shen",
        password=None,
        role=Role.OFFICE,
        name="计划办",
        jurisdiction=district(),
        email="shen@example.org",
    )


def come_back(provider, **claims):
    """Ask the provider who one is and come back with its answer."""
    client = Client()
    asked = parse_qs(urlsplit(client.get(reverse("provider")).url).query)
    told = {"iss": provider.issuer, "aud": "qingshan", "sub": SOMEONE["sub"], "nonce": asked["nonce"][0],
            "exp": datetime.now(UTC) + timedelta(minutes=1)} | claims  # fmt: skip
    provider.token = lambda: jwt.encode(told, KEY, algorithm="RS256", headers={"kid": "k"})
    answer = client.get(reverse("provider-callback"), {"code": "c", "state": asked["state"][0]})
    return client, answer


def test_a_verified_address_opens_the_account_that_has_it(provider, account):
    client, answer = come_back(provider)
    assert answer.status_code == 302 and answer.url == reverse("home")
    assert client.get(reverse("home")).status_code == 200 and client.session["_auth_user_id"] == str(account.pk)


def test_the_way_there_is_guarded(provider, account):
    there = parse_qs(urlsplit(Client().get(reverse("provider")).url).query)
    assert there.keys() >= {"state", "nonce", "code_challenge"} and there["client_id"] == ["qingshan"]


def away(provider):
    """Come back to find that the provider no longer answers."""
    client = Client()
    state = parse_qs(urlsplit(client.get(reverse("provider")).url).query)["state"][0]
    provider.shutdown()
    provider.server_close()
    return client.get(reverse("provider-callback"), {"code": "c", "state": state})


def refused(answer) -> bool:
    return answer.url == "/sign-in/?provider=refused"


@pytest.mark.parametrize(("told", "claims"), [
    ({"email_verified": False}, {}), ({"email": "other@example.org"}, {}), ({"email": ""}, {}), ({"sub": "s-2"}, {}),
    ({}, {"aud": "another"}), ({}, {"iss": "https://elsewhere.example"}),
], ids=["not verified", "nobody's", "empty", "of someone else", "made for another", "made by another"])  # fmt: skip
def test_any_other_word_opens_nothing_and_makes_no_account(provider, account, told, claims):
    provider.told |= told
    count = User.objects.count()
    client, answer = come_back(provider, **claims)
    assert refused(answer) and User.objects.count() == count and "_auth_user_id" not in client.session


def test_a_token_that_is_over_and_a_provider_that_is_away_open_nothing(provider, account):
    assert refused(come_back(provider, exp=datetime.now(UTC) - timedelta(minutes=1))[1])
    assert refused(away(provider))


def test_an_account_that_was_closed_stays_closed(provider, account):
    client, _ = come_back(provider)
    close_account(by=None, user=account)
    assert client.get(reverse("home")).status_code == 302
    assert refused(come_back(provider)[1])


def test_two_accounts_of_one_address_open_neither(provider, account):
    open_account(
        by=None,
        username="li",
        password=None,
        role=Role.LEADER,
        name="领导",
        jurisdiction=district(),
        email="SHEN@example.org",
    )
    assert refused(come_back(provider)[1])


def test_a_district_may_match_by_the_name_of_the_account(provider, account, settings):
    turn_on(settings, provider.issuer, QINGSHAN_OIDC_CLAIM="preferred_username")
    provider.told["email_verified"] = False
    assert come_back(provider)[1].url == reverse("home")


def test_the_door_says_what_went_wrong_and_offers_the_provider(provider, account):
    page = Client().get("/sign-in/?provider=refused").content.decode()
    assert "单点登录没有成功" in page and reverse("provider") in page


def test_without_a_provider_there_is_no_such_page(plain, client, db):
    assert client.get(reverse("provider")).status_code == 404
    assert reverse("provider") not in client.get(reverse("sign-in")).content.decode()


def test_a_provider_named_in_part_is_refused_with_what_is_missing():
    with pytest.raises(ValueError, match="QINGSHAN_OIDC_CLIENT"):
        from_environment({"QINGSHAN_OIDC_ISSUER": "https://id.example"})
    assert from_environment({}) == {}
