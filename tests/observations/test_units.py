from decimal import Decimal

import pytest

from qingshan.observations.media import MEDIA
from qingshan.observations.naming import items
from qingshan.observations.units import NoConversion, factor, kept_in, plain


@pytest.mark.parametrize("unit", ["ug/m3", "µg/m³", "μg/m3", "UG/M3", "㎍/m³", "μg / m³"])
def test_a_unit_is_known_however_it_is_written(unit):
    assert plain(unit) == "μg/m³"


def test_units_are_converted_exactly():
    assert factor("air", "CO", "μg/m³") == Decimal("0.001") and kept_in("air", "CO", "μg/m³") == "mg/m³"
    assert factor("water", "hg", "ng/L") == Decimal("0.000001") and factor("water", "fcoli", "MPN/100mL") == 10
    assert factor("soil", "Cd", "ug/kg") == Decimal("0.001") and factor("noise", "Leq", "dB（A）") == 1
    with pytest.raises(NoConversion, match="CO"):
        factor("air", "CO", "ppm")


@pytest.mark.parametrize("medium", MEDIA)
def test_every_item_is_kept_in_the_unit_of_the_law(medium):
    assert items(medium) and {factor(medium, one.code, one.unit) for one in items(medium).values()} == {1}
