from tests.evidence.registers.outfalls import programme, register  # noqa: F401
