"""Amounts in a question: bounds ('over $50k', 'below 5 percent'), plain quantities, and signs said in words."""

from __future__ import annotations

import re
from decimal import Decimal

from datablueprint.agent.planning.slots import Bound, Masked, Slot

OPS = {
    ">=": "at least|no less than|not less than|minimum of|>=|≥|a minimum of|no lower than",
    "<=": "at most|no more than|not more than|<=|≤|up to|maximum of|no higher than",
    ">": "over|above|more than|greater than|exceeding|exceeds|exceed|bigger than|larger than|higher than|better than|"
    "north of|past|beyond|in excess of|>|upwards of|beating",
    "<": "under|below|less than|lower than|smaller than|worse than|fewer than|south of|beneath|<|short of|sub",
}
WORDS: dict[str, int | Decimal] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fifteen": 15, "twenty": 20, "twenty five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "seventy five": 75, "eighty": 80, "ninety": 90, "ninety five": 95, "hundred": 100,
    "a hundred": 100, "one hundred": 100, "half a": Decimal("0.5"), "a": 1, "quarter": Decimal("0.25"),
}  # fmt: skip
SCALES = {
    "k": 1_000,
    "grand": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mm": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
}
OP = "|".join(
    f"(?P<{name}>{words})"
    for name, words in zip(("ge", "le", "gt", "lt"), (OPS[o] for o in (">=", "<=", ">", "<")), strict=True)
)
SPELLED = "|".join(sorted((w for w in WORDS if w != "a"), key=len, reverse=True))
NUMBER = (
    r"(?P<sign>[-+] ?)?(?P<dollar>\$ ?)?(?P<minus>-)?(?:(?P<digits>\d[\d,]*(?:\.\d+)?|\.\d+)|(?P<spelled>(?:a )?\b(?:"
    + SPELLED
    + r")\b|\ba(?= million| thousand| hundred)))"
    r"(?: ?(?P<scale>(?:k|mm|mil|m|grand|thousand|million)\b))?"
    r"(?:[ -]?(?P<unit>%|percentage points?|percent points?|percent|pct\b|points?\b|pts?\b|hours?\b|hrs?\b|"
    r"dollars\b|bucks\b|usd\b|cents\b))?"
)  # fmt: skip
BOUND = re.compile(
    rf"(?:(?<=\s)|^)(?:by |of |is |are |with )?(?:{OP}) ?(?:by |than )?{NUMBER}(?P<after> ?\+)?(?![\w-])"
)
BEHIND = re.compile(
    rf"(?<![\w.-]){NUMBER}(?: ?\+| or (?P<more>more|better|higher|above|greater|over)| and (?:up|over|above)"
    r"| or (?P<less>less|lower|under|worse|below|fewer))(?![\w-])"
)
QUANTITY = re.compile(rf"(?<![\w.-]){NUMBER}(?![\w-])")
SIGNS = (
    (re.compile(r"\b(?:negative|below zero|under zero|less than zero|in the negative)\b"), "<"),
    (re.compile(r"\b(?:positive|above zero|over zero|greater than zero|more than zero)\b"), ">"),
)  # fmt: skip
IN_RED = re.compile(r"\b(?:(?:in|into|to) the (red|black)|(under ?water|upside down|below break ?even))\b")


def take(text: Masked) -> None:
    """Bounds and quantities become slots; a bare number without sign or unit stays a word."""
    for pattern, op in SIGNS:
        text.take(pattern, lambda m, op=op: Slot("bound", m[0], bound=Bound(op, Decimal(0), "plain")))  # type: ignore[misc]
    text.text = IN_RED.sub(
        lambda m: " losing money " if m[1] != "black" else " making money above zero profit ", text.text
    )
    text.take(SIGNS[1][0], lambda m: Slot("bound", m[0], bound=Bound(">", Decimal(0), "plain")))
    text.take(BOUND, _bound)
    text.take(BEHIND, _behind)
    text.take(QUANTITY, _quantity)


def _bound(m: re.Match[str]) -> Slot | None:
    op = next(o for name, o in (("ge", ">="), ("le", "<="), ("gt", ">"), ("lt", "<")) if m[name])
    found = _number(m, op)
    return Slot("bound", m[0].strip(), bound=found) if found else None


def _behind(m: re.Match[str]) -> Slot | None:
    found = _number(m, "<=" if m["less"] else ">=")
    return Slot("bound", m[0].strip(), bound=found) if found else None


def _quantity(m: re.Match[str]) -> Slot | None:
    found = _number(m, ">=")
    if (
        not found
        or (found.unit == "plain" and not m["scale"] and not m["sign"])
        or (m["spelled"] and not (m["unit"] or m["scale"]))
    ):
        return None
    return Slot("quantity", m[0].strip(), bound=found)


def _number(m: re.Match[str], op: str) -> Bound | None:
    if m["digits"]:
        value = Decimal(m["digits"].replace(",", ""))
    elif m["spelled"] and m["spelled"].removeprefix("a ") in WORDS:
        value = Decimal(WORDS[m["spelled"].removeprefix("a ")])
    else:
        return None
    if m["scale"]:
        value *= SCALES[m["scale"]]
    if m["minus"] or (m["sign"] and "-" in m["sign"]):
        value = -value
    unit = m["unit"] or ""
    if m["dollar"] or m["scale"] or unit in ("dollars", "bucks", "usd"):
        return Bound(op, value, "money")  # type: ignore[arg-type]
    if "point" in unit or unit.startswith("pt"):
        return Bound(op, value / 100, "points")  # type: ignore[arg-type]
    if unit in ("%", "percent", "pct"):
        return Bound(op, value / 100, "percent")  # type: ignore[arg-type]
    return Bound(op, value, "hours" if unit.startswith("h") else "plain")  # type: ignore[arg-type]
