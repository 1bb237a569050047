"""What several registers say together: zoning, what is in reach, river sheets, what lives where."""

from ninja import Router

router = Router(tags=["研判 several registers"])
