"""Rounding of measured values.

References
----------
GB/T 8170-2008 数值修约规则与极限数值的表示和判定, 3.2: the half goes to the even digit; 3.3: in one step only.
"""

from decimal import Decimal
from fractions import Fraction


def round_gbt8170(value: Decimal | Fraction | int, places: int) -> Decimal:
    """`value` rounded to `places` decimal places (-1: to tens) in one step, the half to the even digit.

    Exact: a Fraction is compared with the half as a fraction, so no earlier rounding can tip it. A float is
    refused (TypeError), since it may already differ from the number that was measured.
    """
    if isinstance(value, float):
        raise TypeError("a regulated number is rounded from an exact value, not from a float")
    above, below = value.as_integer_ratio()
    above, below = (above * 10**places, below) if places >= 0 else (above, below * 10**-places)
    whole, rest = divmod(above, below)
    whole += 2 * rest > below or (2 * rest == below and whole % 2)
    return Decimal(f"{whole}E{-places}")  # made from its text, a Decimal is exact whatever the context
