import pytest

from qingshan.people.actions import open_account, put_jurisdiction, set_bodies
from qingshan.plan.actions import draft, put_programme

from . import sample


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path):
    """Originals of the documents go to a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Accounts are made for nearly every test; hashing that is slow on purpose would take most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def district(db):
    jurisdiction = put_jurisdiction(by=None, code="990001", name="青禾区", name_en="Qinghe District")
    set_bodies(by=None, jurisdiction=jurisdiction, bodies=sample.BODIES)
    return jurisdiction


@pytest.fixture
def programme(district):
    return put_programme(
        by=None, jurisdiction=district, code="qinghe", title="清洁家园三年行动计划", title_en="Clean Homes Plan",
        office=district.bodies.get(code="sthjj"), about={},
    )  # fmt: skip


@pytest.fixture
def person(district):
    """Makes an account of a role."""

    def account(role, name="office"):
        body = district.bodies.get(code="swj") if role == "liaison" else None
        return open_account(
            by=None, username=f"{name}-{role}", password="一串很长的口令", role=role, name=f"{role}甲",
            jurisdiction=district, body=body,
        )  # fmt: skip

    return account


@pytest.fixture
def office(person):
    return person("office")


@pytest.fixture
def edition(programme, office):
    return draft(by=office, programme=programme, name="行动计划.txt", data=sample.data())
