"""Coordination: what is stuck, what was raised, the meeting, assignments."""

from ninja import Router

router = Router(tags=["协调 coordination"])
