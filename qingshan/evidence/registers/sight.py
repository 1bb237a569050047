"""What of a register someone may see: private fields and places are shown for rows of the own body, or for all."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .schema import Definition


class Sight(NamedTuple):
    """`everything`: the plan's office, the auditor, and commands of the system. `body`: the liaison's, whose own rows are seen whole."""

    definition: Definition
    everything: bool = True
    body: int | None = None

    @property
    def hides(self) -> bool:
        """Whether there is anything in the register that is not shown for every row."""
        return not self.everything and bool(self.definition.private or self.definition.private_place)

    def whole(self, body: int | None) -> bool:
        """Whether a row of that body is seen whole."""
        return not self.hides or (body is not None and body == self.body)

    def data(self, data: Mapping[str, Any], body: int | None) -> dict[str, Any]:
        """A row's data without what is hidden."""
        if self.whole(body):
            return dict(data)
        return {code: value for code, value in data.items() if code not in self.definition.private}

    def hidden(self, data: Mapping[str, Any], body: int | None) -> frozenset[str]:
        """The fields of a row that hold something which is not shown."""
        return frozenset() if self.whole(body) else self.definition.private & data.keys()

    def places(self, body: int | None) -> bool:
        """Whether it is shown where a row of that body lies."""
        return not self.definition.private_place or self.whole(body)
