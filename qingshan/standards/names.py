"""English names of items that their tables call in Chinese only."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def _known() -> dict[str, str]:
    text = (files(__package__) / "tables" / "items.yaml").read_text("utf-8")
    return {item: str(name) for item, name in yaml.safe_load(text).items()}


def english(item: str) -> str:
    """The English name of an item, or the item itself where none is known (a symbol, or a rare compound)."""
    return _known().get(item, item)
