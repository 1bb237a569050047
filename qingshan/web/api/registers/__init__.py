"""Registers: rows, their evidence, files of rows, one change to many."""

from ninja import Router

router = Router(tags=["台账 registers"])
