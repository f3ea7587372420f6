"""Which words only one of two like names has: a parking garage is not the clinic it belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from datablueprint.graph.names import DIRECTIONS, words
from datablueprint.graph.votes import Vote

SAYS_NOTHING = frozenset(
    "project job site building buildings phase construction service services group contractor contractors "
    "contracting enterprises".split()
)
"""Words that clerks add or drop; numbers and letters after them still tell one thing from another."""
LEAST_WORD_LIKENESS = 0.80
SHORTEST_ABBREVIATION = 3
NICKNAMES = tuple(
    frozenset(group.split())
    for group in (
        "robert rob bob bobby robbie",
        "william will bill billy liam",
        "james jim jimmy jamie",
        "john johnny jon jack",
        "jonathan jon jonny",
        "michael mike mick mickey",
        "richard rick rich dick ricky",
        "joseph joe joey",
        "jose pepe",
        "francisco frank pancho paco",
        "thomas tom tommy",
        "charles charlie chuck",
        "christopher chris",
        "christine christina chris tina",
        "daniel dan danny",
        "david dave davey",
        "edward ed eddie ted",
        "steven stephen steve",
        "anthony tony",
        "antonio tony",
        "matthew matt",
        "gregory greg",
        "kenneth ken kenny",
        "ronald ron ronnie",
        "donald don donnie",
        "timothy tim",
        "andrew andy drew",
        "benjamin ben",
        "samuel sam",
        "nicholas nick nicolas",
        "alexander alex",
        "alejandro alex",
        "patrick pat",
        "patricia pat patty trish",
        "katherine catherine kathryn kate kathy cathy katie",
        "elizabeth liz beth betsy",
        "margaret maggie peggy meg",
        "jennifer jen jenny",
        "susan sue",
        "deborah debora debra deb debbie",
        "sarah sara",
        "guadalupe lupe",
        "jesus chuy",
        "ignacio nacho",
        "lawrence larry",
        "raymond ray",
        "gerald jerry",
        "jeffrey geoffrey jeff",
        "philip phillip phil",
        "zachary zach zack",
    )
)


def word_doubts(left: str | None, right: str | None) -> Iterator[Vote]:
    """A doubt about two like names of projects or firms when one has a distinguishing word the other lacks."""
    mine, other = _unpaired(words(left), words(right), _same_word)
    told = [word for word in (*mine, *other) if word not in SAYS_NOTHING]
    if told:
        yield Vote("other words", 0.0, f"against it: only one of the names says '{' '.join(told)}'", "doubt")


def person_doubts(left: str | None, right: str | None) -> Iterator[Vote]:
    """A doubt about two like names of people: other given names, or a name one of them lacks; initials say nothing."""
    mine, other = _unpaired(words(left), words(right), lambda a, b: _nickname(a, b) or _slip(a, b))
    mine, other = ([word for word in side if len(word) > 1] for side in (mine, other))
    if not mine and not other:
        return
    surname_slip = len(mine) == len(other) == 1 and mine[0] != given_name(left) and other[0] != given_name(right)
    if not surname_slip:
        yield Vote("other given name", 0.0, "against it: the given names are not one name or its short form", "doubt")


def given_name(name: str | None) -> str:
    """'Lopez, Maria' and 'Maria Lopez' -> 'maria'."""
    told = words((name or "").partition(",")[2]) or words(name)
    return told[0] if told else ""


def _unpaired(
    left: tuple[str, ...], right: tuple[str, ...], same: Callable[[str, str], bool]
) -> tuple[list[str], list[str]]:
    """The words of either side without a partner on the other, in their order."""
    mine = list((Counter(left) - Counter(right)).elements())
    other = list((Counter(right) - Counter(left)).elements())
    for word in list(mine):
        partner = next((each for each in other if same(word, each)), None)
        if partner is not None:
            mine.remove(word)
            other.remove(partner)
    return mine, other


def _same_word(left: str, right: str) -> bool:
    """A typing slip, an abbreviation, or a direction and its letter; numbers must be equal."""
    if left.isdigit() or right.isdigit():
        return left == right
    short, long = sorted((left, right), key=len)
    return DIRECTIONS.get(short) == long or _abbreviates(short, long) or _ratio(left, right) >= LEAST_WORD_LIKENESS


def _abbreviates(short: str, long: str) -> bool:
    """'hosp' and 'hsp' are hospital: its first letter and others in their order."""
    letters = iter(long)
    return len(short) >= SHORTEST_ABBREVIATION and short[0] == long[0] and all(each in letters for each in short)


def _nickname(left: str, right: str) -> bool:
    return any({left, right} <= group for group in NICKNAMES)


def _slip(left: str, right: str) -> bool:
    """Two neighbouring letters changed places, or a letter was doubled; Maria and Mario are two people."""
    if re.sub(r"(.)\1", r"\1", left) == re.sub(r"(.)\1", r"\1", right):
        return True
    apart = [place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b]
    swapped = len(left) == len(right) and len(apart) == 2 and apart[1] - apart[0] == 1
    return swapped and left[apart[0]] == right[apart[1]] and left[apart[1]] == right[apart[0]]


def _ratio(left: str, right: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(left, right) / 100
