import pytest

from qingshan.people.models import User

from . import plans


@pytest.fixture
def programme():
    return plans.programme()


@pytest.fixture
def office(programme):
    return User.objects.create(username="office", role="office", jurisdiction=programme.jurisdiction)
