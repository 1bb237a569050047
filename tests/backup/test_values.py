from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from qingshan.backup.values import line, row

FIELDS = [
    (models.DateTimeField(), st.datetimes(timezones=st.just(UTC))),
    (models.DateField(), st.dates()),
    (models.TimeField(), st.times()),
    (models.DecimalField(max_digits=20, decimal_places=6), st.decimals(-(10**14), 10**14, places=6)),
    (models.FloatField(), st.floats(allow_nan=False, allow_infinity=False)),
    (models.BigIntegerField(), st.integers(-(2**63), 2**63 - 1)),
    (models.BooleanField(), st.booleans()),
    (models.TextField(), st.text()),
    (models.UUIDField(), st.uuids()),
    (models.BinaryField(), st.binary()),
    (models.JSONField(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))),
]  # fmt: skip


@pytest.mark.parametrize(("field", "values"), FIELDS, ids=lambda one: type(one).__name__)
def test_every_kind_of_value_comes_back_as_it_was(field, values):
    @given(values)
    def comes_back(value):
        text = line([value])
        assert text.count(b"\n") == 1 and text.endswith(b"\n")
        (told,) = row(text)
        found = field.to_python(told)
        assert (bytes(found) if isinstance(value, bytes) else found) == value

    comes_back()


def test_an_instant_keeps_its_microseconds_and_a_number_its_digits():
    told = line([datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), Decimal("12345678901234.000001"), None])
    assert told == b'["2026-01-02T03:04:05.678901+00:00","12345678901234.000001",null]\n'


def test_what_no_one_knows_how_to_write_is_refused_rather_than_guessed():
    assert row(line([time(1, 2), date(2026, 1, 1), UUID(int=0)]))[0] == "01:02:00"
    for value in (object(), float("nan")):
        with pytest.raises((TypeError, ValueError)):
            line([value])
