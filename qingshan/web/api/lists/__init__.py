"""Annual lists: as they stand, their items, how they are issued."""

from ninja import Router

router = Router(tags=["清单 annual lists"])
