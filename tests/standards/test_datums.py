from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from qingshan.evidence.registers.places import metres_between
from qingshan.standards.datums import to_gcj02, to_wgs84

CHINA = st.tuples(st.floats(74, 134), st.floats(5, 52))


@given(CHINA)
def test_there_and_back_is_the_same_place(place):
    assert to_wgs84(*to_gcj02(*place), "gcj02") == approx(place, abs=1e-7)


@given(CHINA)
def test_the_two_lie_some_hundred_metres_apart(place):
    assert 50 < metres_between(*place, *to_gcj02(*place)) < 1500


@mark.parametrize("place", [(2.35, 48.85), (-74.0, 40.7), (140.0, 35.6)])
def test_beyond_the_box_they_agree(place):
    assert to_gcj02(*place) == place == to_wgs84(*place, "gcj02")


def test_a_known_place():
    """The shift published with the common implementations for 116.404, 39.915 in Beijing."""
    assert to_gcj02(116.404, 39.915) == approx((116.41024449916938, 39.91640428150164), abs=1e-9)


def test_a_datum_must_be_named():
    assert to_wgs84(121.0, 31.0, "wgs84") == (121.0, 31.0)
    with raises(ValueError, match="beidou"):
        to_wgs84(121.0, 31.0, "beidou")
