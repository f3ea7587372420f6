"""Two spellings are the same name only after what companies and clerks add to names is taken away."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

LEGAL_FORMS = frozenset(
    "llc inc incorporated corp corporation co company ltd limited lp llp pllc pc the and of".split()
)
ABBREVIATIONS = {
    "ctr": "center",
    "centre": "center",
    "med": "medical",
    "bldg": "building",
    "bldgs": "buildings",
    "ph": "phase",
    "elem": "elementary",
    "es": "elementary",
    "hs": "high",
    "sch": "school",
    "mfg": "manufacturing",
    "svc": "service",
    "svcs": "services",
    "reno": "renovation",
    "rehab": "renovation",
    "apts": "apartments",
    "st": "street",
    "mech": "mechanical",
    "elec": "electric",
    "electrical": "electric",
    "bros": "brothers",
    "supply": "supply",
    "constr": "construction",
    "const": "construction",
    "ti": "improvement",
    "whse": "warehouse",
    "rd": "road",
    "ave": "avenue",
    "mt": "mount",
}
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
ORDINAL_WORDS = frozenset("phase building tower unit lot station pad stage block wing suite".split())
NUMBER_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
DIRECTIONS = {name[0]: name for name in ("north", "south", "east", "west")}
JOB_NUMBER = re.compile(r"(?<![\w-])(\d{2}-\d{2,4}|\d{4,6})(?![\w-])")


@lru_cache(maxsize=8192)
def words(name: str | None) -> tuple[str, ...]:
    """Lower-case words with abbreviations spelled out and legal forms dropped: 'Volt LLC' -> ('volt',)."""
    flat = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower().replace("&", " and ")
    tokens = re.findall(r"[a-z0-9]+", re.sub(r"\bi(?=-\d)", "interstate", flat.replace("'", "")))
    spelled = (ABBREVIATIONS.get(t, ROMAN.get(t, t)) for t in tokens)
    return tuple(t for t in spelled if t not in LEGAL_FORMS)


def normal(name: str | None) -> str:
    return " ".join(words(name))


def job_numbers(name: str | None) -> tuple[str, ...]:
    """Job numbers written inside a name: '24-017 Harbor Clinic' -> ('24-017',)."""
    return tuple(JOB_NUMBER.findall(name or ""))


def without_numbers(name: str | None) -> str:
    return JOB_NUMBER.sub(" ", name or "")


def ordinals(name: str | None) -> dict[str, str]:
    """Numbered or lettered parts in a name: 'Ridge School Ph II, Tower B' -> {'phase': '2', 'tower': 'b'}."""
    told = ((word, NUMBER_WORDS.get(after, after)) for word, after in pairwise(words(name)))
    return {word: after for word, after in told if word in ORDINAL_WORDS and (after.isdigit() or len(after) == 1)}


def directions(name: str | None) -> frozenset[str]:
    """North, South, East and West in a name; a letter after Tower or Building is that tower's, not a direction."""
    told = words(name)
    before = ("", *told)
    found = (DIRECTIONS.get(word, word) for word, last in zip(told, before, strict=False) if last not in ORDINAL_WORDS)
    return frozenset(found) & frozenset(DIRECTIONS.values())


def contradictions(left: str | None, right: str | None) -> list[tuple[str, str, str]]:
    """(what, left's, right's) for every part both names tell and tell differently."""
    mine, other = ordinals(left), ordinals(right)
    told = [(word, mine[word], other[word]) for word in sorted(mine.keys() & other.keys())]
    found = [each for each in told if each[1] != each[2]]
    ours, theirs = directions(left), directions(right)
    if ours and theirs and ours != theirs:
        found.append(("side", " ".join(sorted(ours)), " ".join(sorted(theirs))))
    return found


def likeness(left: str, right: str) -> float:
    """0 to 1 between two normalised names; word order does not count, a missing word does."""
    from rapidfuzz import fuzz

    if not left or not right:
        return 0.0
    ordinals = [{w for w in side.split() if w.isdigit()} for side in (left, right)]
    if ordinals[0] != ordinals[1] and ordinals[0] and ordinals[1]:
        return 0.0  # Phase 1 is never Phase 2, however alike the rest
    if contradictions(left, right):
        return 0.0  # nor Tower A Tower B, nor Riverside North Riverside South
    return max(fuzz.token_sort_ratio(left, right), 0.95 * fuzz.token_set_ratio(left, right)) / 100
