"""Reporting: rounds, what bodies fill in, what the office makes of it."""

from ninja import Router

router = Router(tags=["填报 reporting"])
