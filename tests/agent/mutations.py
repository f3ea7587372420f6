"""True drafts made false, one lie each: what a model might do wrong, and what someone might make it do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from random import Random

from datablueprint.agent.draft import Draft, Piece
from tests.agent.drafts import MARGIN, Kit

Mutation = Callable[[str, Kit, Random], Draft | None]
"""A draft in short spelling, with one lie; None where it cannot be told of this draft."""

WITHOUT_A_METRIC = re.compile(r"stands? at|stood at|In short|was at|\bis at\b|moved by|leaves|that of|spent|has used")
"""Drafts that call a figure by no name: there another metric's figure is no lie."""
INSTEAD_OF_NUMBERS = (
    *"several hundred thousand|twice that|a dozen|ninety-nine|nought|seventeen hundred|zwei|one-tenth|ten|mil".split(
        "|"
    ),
    *"about five million dollars|a half|roughly a third|two point four percent|four times that|xvii|XIV".split("|"),
    *"t w e l v e|f-i-v-e|fi ve|sixtyfive|a couple of points|a single point|a quarter of it|double digits".split("|"),
    *"6 %|6k|$5M|5.4%|٣٫٥|³|Ⅳ|①②|５|५|三|lO|1e6|½|\U0001d7d7|€9|12 K|ｔｗｏ|thréé".split("|"),
    "twenty" + chr(0x200B) + "five",
    "tw" + chr(0x43E),
)
LIES = (
    " [R3] has the lowest margin.",
    " [R1] has the best margin: <rank1>.",
    " The highest margin is that of [R1], at <rank1>.",
    " The lowest margins are [R2] at <rank2> and [R1] at <rank1>.",
    " [R1]'s margin of <rank1> is higher than [R2]'s margin of <rank2>.",
    " At <rank3>, [R3] makes a lower margin than [R2], which makes <rank2>.",
    " The margin of [P] |fell:rose|P.change| by <P.change>.",
    " Since @then the margin of [P] |dropped:climbed|P.change| from <P.start> to <P.margin>.",
    " [P] |worsened:improved|P.change| since @then: its margin moved by <P.change>.",
    " The gross profit of [P] |decreased:increased|P.profit_change| by <P.profit_change>.",
    " [P]'s contract value of <P.contract> is below its estimated cost at completion of <P.eac>.",
    " The estimated cost on [P], <P.eac>, exceeds the contract value of <P.contract>.",
    " [P] |loses money:is profitable|P.profit|: its gross profit is <P.profit>.",
    " [P] has a |negative:positive|P.margin| margin of <P.margin>.",
    " [C3] is the largest cost code erosion on [P], by <code3>.",
    " The margin of the portfolio doubled.",
    " Margin improved on every job.",
    " [Q] rose by <P.change>.",
    " More than a dozen projects lose money.",
    " Most of the cost is labor.",
    " The crews on [P] worked <P.labor> hours.",
    " Labor hours on [P] are <P.labor>.",
    " The portfolio makes <P.margin>.",
    " The profit of [P] would be <P.profit>.",
    " [P] has a margin of <P.supposed_margin>.",
    " As of @then the margin of [P] is <P.margin>.",
    " The margin of [P] is <P.start> today.",
    " The previous margin of [P] was <P.margin>.",
    " #rank hours were worked.",
    " The margin of [P] is over <P.margin>.",
    " The margin of [P] is nearly <P.margin>.",
    " Profit on [P] is (<P.profit>).",
    " The margin of [P] is minus <P.margin>.",
    " The margin fell because of the weather.",
    " All of this is due to poor supervision.",
    " The margin of Fairmount Courthouse is <P.margin>.",
    " See https://figures.example/now for more.",
    " [the report](javascript:alert) has more.",
    " ![x](//collect.example/a.png)",
    " <b>Read this</b>",
    " Visit figures-now.com for more.",
)
"""Sentences that are false whatever the records say; a word between bars is the one the data contradict."""


def _swapped(
    kit: Kit, text: str, rng: Random, piece: Callable[[Piece, Kit, Random], list[Piece] | None]
) -> Draft | None:
    """The draft with one of its figures told another way."""
    draft = kit.draft(text)
    places = [at for at, each in enumerate(draft.segments) if each.figure]
    rng.shuffle(places)
    for at in places:
        instead = piece(draft.segments[at], kit, rng)
        if instead:
            return draft.model_copy(update={"segments": (*draft.segments[:at], *instead, *draft.segments[at + 1 :])})
    return None


def typed(text: str, kit: Kit, rng: Random) -> Draft | None:
    """The figure, typed: right or with one digit changed."""

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece]:
        shown = _shown(piece, kit)
        digits = [at for at, char in enumerate(shown) if char.isdigit()]
        if rng.random() < 0.7:
            at = rng.choice(digits)
            shown = shown[:at] + str((int(shown[at]) + rng.randint(1, 9)) % 10) + shown[at + 1 :]
        return [Piece(text=shown)]

    return _swapped(kit, text, rng, told)


def in_words(text: str, kit: Kit, rng: Random) -> Draft | None:
    """A number in words, or in signs that are no ASCII digits."""
    return _swapped(kit, text, rng, lambda *_: [Piece(text=rng.choice(INSTEAD_OF_NUMBERS))])


def rounded(text: str, kit: Kit, rng: Random) -> Draft | None:
    """The figure with a word or a digit that makes it another."""
    hedge = rng.choice(
        ("about ", "roughly ", "nearly ", "over ", "more than ", "up to ", "almost ", "under ", "at least ")
    )
    return _swapped(kit, text, rng, lambda piece, *_: [Piece(text=hedge), piece])


def unit(text: str, kit: Kit, rng: Random) -> Draft | None:
    """Another unit or scale beside the figure."""
    other = rng.choice(
        (" percent", " million", "k", "M", " dollars", " weeks", " days", " thousand", " points", "%", " hours")
    )

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece] | None:
        own = kit.evidence.facts[piece.figure or ""].unit
        return None if own == other.strip() else [piece, Piece(text=other)]

    return _swapped(kit, text, rng, told)


def sign(text: str, kit: Kit, rng: Random) -> Draft | None:
    """The figure with the other sign."""
    before = rng.choice(("minus ", "-", "– ", "negative ", "a loss of ", "−"))

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece] | None:
        fact = kit.evidence.facts[piece.figure or ""]
        above = fact.value is not None and fact.value > 0 and ("margin" in fact.metric or "profit" in fact.metric)
        return [Piece(text=before), piece] if above else None

    return _swapped(kit, text, rng, told)


def other_project(text: str, kit: Kit, rng: Random) -> Draft | None:
    """Another project's figure of the same metric and day."""

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece] | None:
        facts = kit.evidence.facts
        mine = facts[piece.figure or ""]
        alike = [f for f in facts.values() if (f.metric, f.days) == (mine.metric, mine.days) and not f.supposed]
        others = [f.ref for f in alike if f.scope != mine.scope and f.value != mine.value]
        return [Piece(figure=rng.choice(others))] if others else None

    return _swapped(kit, text, rng, told)


def other_name(text: str, kit: Kit, rng: Random) -> Draft | None:
    """The figure said of another project: by its scope, its name, or a name that no result holds."""
    draft = kit.draft(text)
    places = [at for at, piece in enumerate(draft.segments) if piece.entity]
    if not places:
        return None
    at = rng.choice(places)
    mine = draft.segments[at].entity
    said = kit.evidence.said_of
    choices = [Piece(entity=scope) for scope in said if scope != mine and "/" not in scope]
    choices += [Piece(text=name) for key, names in kit.known.items() for name in names if key != mine]
    choices = [c for c in choices if c.entity not in kit.scopes.values() or len(places) == 1]
    if not choices:
        return None
    return draft.model_copy(update={"segments": (*draft.segments[:at], rng.choice(choices), *draft.segments[at + 1 :])})


def other_metric(text: str, kit: Kit, rng: Random) -> Draft | None:
    """Another metric's figure of the same project and day."""
    if WITHOUT_A_METRIC.search(text):
        return None
    made = {"margin", "profit"} if re.search(r"\b(?:makes|performer)\b", text) else set()

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece] | None:
        facts = kit.evidence.facts
        mine = facts[piece.figure or ""]
        if mine.supposed:
            return None
        alike = [f for f in facts.values() if (f.scope, f.days) == (mine.scope, mine.days) and not f.supposed]
        others = [f.ref for f in alike if f.unit != mine.unit and not made.intersection(f.metric.split("_"))]
        return [Piece(figure=rng.choice(others))] if others else None

    return _swapped(kit, text, rng, told)


def prior(text: str, kit: Kit, rng: Random) -> Draft | None:
    """An earlier day's figure told as today's."""
    if "@then" in text or "<P.margin>" not in text or kit.value("P.start") == kit.value("P.margin"):
        return None
    return kit.draft(text.replace("<P.margin>", "<P.start>"))


def supposed(text: str, kit: Kit, rng: Random) -> Draft | None:
    """A hypothetical figure told as a fact."""
    if re.search(r"\b(?:would|should|suppos|assum|if)\b", text, re.IGNORECASE) or "<P.margin>" not in text:
        return None
    return kit.draft(text.replace("<P.margin>", "<P.supposed_margin>"))


def foreign(text: str, kit: Kit, rng: Random) -> Draft | None:
    """A figure that exists, or existed, and is no evidence of this turn."""

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece]:
        long_ago = kit.today - timedelta(days=400)
        elsewhere = (f"{MARGIN}/99-999/{kit.today}", f"{MARGIN}/portfolio/{long_ago}", "r7/row2/margin", "' or 1=1 --")
        return [Piece(figure=rng.choice(elsewhere))]

    return _swapped(kit, text, rng, told)


def graded(text: str, kit: Kit, rng: Random) -> Draft | None:
    """A better grade than the figure has."""

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece]:
        own = kit.evidence.facts[piece.figure or ""].grade
        return [piece, Piece(text=f" (grade {next(letter for letter in 'ABC' if letter != own)})")]

    lone = text.count("<") == 1
    return _swapped(kit, text, rng, told) if lone else None


def dated(text: str, kit: Kit, rng: Random) -> Draft | None:
    """Today's figure said to be of an earlier day."""

    def told(piece: Piece, kit: Kit, rng: Random) -> list[Piece] | None:
        fact = kit.evidence.facts[piece.figure or ""]
        if fact.change or fact.days != {kit.today}:
            return None
        return [piece, Piece(text=" as of "), Piece(day=kit.days["then"])]

    return _swapped(kit, text, rng, told) if "@" not in text else None


def lied(text: str, kit: Kit, rng: Random) -> Draft | None:
    """A true draft with a false sentence behind it."""
    lie = rng.choice(LIES)
    return kit.draft(text + lie)


MUTATIONS: tuple[Mutation, ...] = (
    typed,
    in_words,
    rounded,
    unit,
    sign,
    other_project,
    other_name,
    other_metric,
    prior,
    supposed,
    foreign,
    graded,
    dated,
    lied,
)


def _shown(piece: Piece, kit: Kit) -> str:
    cells = {ref: cell.shown for result in kit.results.values() for ref, cell in result.cells.items()}
    return cells[piece.figure or ""]
