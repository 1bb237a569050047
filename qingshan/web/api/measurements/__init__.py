"""Measurements: sites, and what the rows of a station or a section add up to by the editions in force."""

from ninja import Router

router = Router(tags=["监测 measurements"])
