import pytest
from django.core.cache import cache

from qingshan.cycle import run_cycle
from qingshan.people.models import Body, Jurisdiction, User
from qingshan.plan.models import Programme
from qingshan.programme.loading import load

from ..district import SAMPLE
from .world import EARLIER, LATER, world  # noqa: F401


@pytest.fixture(autouse=True)
def plain(settings, tmp_path):
    """Static files without their manifest, and no page remembered from another test."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.STATIC_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def county(db) -> Programme:
    """The invented county's programme, loaded but never evaluated."""
    return load(SAMPLE)


@pytest.fixture
def judged(county) -> Programme:
    for day in (EARLIER, LATER):
        run_cycle(programme=county, as_of=day)
    return county


def person(role: str, place: Jurisdiction, name: str = "", body: Body | None = None) -> User:
    body = body or place.bodies.order_by("order").first()
    return User.objects.create(
        username=name or f"{role}-{place.code}", role=role, jurisdiction=place, body=body, first_name=name
    )


@pytest.fixture
def enter(client):
    """Sign in as a role, in a language; returns the client."""

    def signed_in(role: str, programme: Programme, language: str = "zh-hans", name: str = ""):
        client.cookies["django_language"] = language
        client.force_login(person(role, programme.jurisdiction, name))
        return client

    return signed_in
