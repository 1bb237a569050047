"""What a measurement can be besides a number."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Number = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Censored:
    """A result below the detection limit `below` [unit of the item]."""

    below: Decimal

    @property
    def half(self) -> Fraction:
        """What enters a mean: half the detection limit (环办监测函〔2020〕82号, M-H)."""
        return Fraction(self.below) / 2
