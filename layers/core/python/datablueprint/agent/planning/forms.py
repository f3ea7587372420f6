"""What rows an answer should have, by the words that ask for them."""

from __future__ import annotations

from itertools import pairwise

from datablueprint.agent.planning.understanding import Reading
from datablueprint.agent.query import By

BYS: dict[str, By] = {
    "#by_project": "project", "#by_code": "code", "#by_pm": "pm", "#by_customer": "customer",
    "#by_type": "contract-type", "#by_year": "closed-in", "#by_change": "change",
}  # fmt: skip


def rows_by(reading: Reading, *, coded: bool) -> By | None:
    """What the rows are: 'which project has the most erosion on cost codes' asks for projects."""
    bys = [BYS[p] for piece in reading.pieces for p in piece.parts if p in BYS]
    if bys and bys[0] == "code":
        which_job = any("#which" in a.parts and "#job" in b.parts for a, b in pairwise(reading.pieces))
        return "project" if which_job else None if coded else "code"
    return bys[0] if bys else "project" if reading.has("#each") else None


def one_row(reading: Reading) -> bool:
    """The end of a ranking is asked for in the singular: 'which job has the most', 'worst closed job'."""
    if reading.has("#jobs", "#each", "#rank", "#list") or not reading.has("#most", "#least", "#worst", "#best"):
        return False
    for at, piece in enumerate(reading.pieces):
        if {"#which", "#worst", "#best", "#most", "#least"} & set(piece.parts):
            near = [p.words for p in reading.pieces[at : at + 4]]
            if SINGULAR & {near[0].split()[-1], *near[1:]}:
                return True
    return False


SINGULAR = frozenset("job project one pm manager customer owner client code trade site who".split())
