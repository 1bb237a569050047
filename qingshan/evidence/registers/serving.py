"""What a register may serve as, so that pages find the zoning units or the outfalls of any programme by their part, not by
their name. Each part needs certain fields; its other fields are the programme's own."""

TEXT, CHOICE, INT, DATE, DECIMAL = ("text",), ("choice", "text"), ("int",), ("date",), ("int", "decimal")
SERVES: dict[str, dict[str, tuple[str, ...]]] = {
    "zoning-units": {"class": CHOICE},
    "zoning-access": {
        "unit": ("reference", "text"), "class": CHOICE, "industries": TEXT, "activity": CHOICE, "effect": CHOICE, "rule": TEXT,
        "clause": TEXT, "from_on": DATE, "until": DATE,
    },
    "closed-zones": {
        "applies": CHOICE, "stage": INT, "basis": TEXT, "from_on": DATE, "until": DATE, "from_month": INT, "to_month": INT,
    },
    "occurrences": {"species": TEXT, "group": CHOICE, "amount": INT, "survey": TEXT, "seen_on": DATE},
    "river-sheets": {"kind": CHOICE, "water": TEXT, "guards": TEXT, "risks": TEXT, "plan": TEXT, "duty": TEXT},
    "outfalls": {"water": TEXT},
    "water-gates": {"water": TEXT, "duty": TEXT},
    "farmland-units": {"class": ("choice",), "area": DECIMAL, "produce": INT, "produce_met": INT, "produce_heavy": INT},
    "supplies": {"item": TEXT, "amount": DECIMAL},
    "pools": {},
    "teams": {"ready": INT},
}  # fmt: skip
EFFECTS = ("forbid", "demand", "allow")
FARMLAND_CLASSES = ("safe", "used", "strict")  # protected first, used safely, strictly controlled
