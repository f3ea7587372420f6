"""A name in a question is a project only if nothing else it could mean comes near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from datablueprint.agent.reading import BREAK, PROJECT, name_tokens, normalised, number_like, tokens

LINK, ASK = 84, 66
"""At LINK a name is taken; between ASK and LINK the person is asked; below, it is no name (measured bands)."""

MOST_UNKNOWN = 12
"""More unknown words than this are no name."""

COMMON = frozenset(
    "phase building buildings center office data hall site block level floor stage lot unit part".split()
)
"""Words that many names hold."""


@dataclass(frozen=True)
class Candidate:
    """A project that a question may mean."""

    key: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.key} {self.name}"

    @property
    def spoken(self) -> str:
        """The project as a question names it: a bare number is said to be a job's."""
        return f"job {self.key}" if _could_be_a_count(self.key) else self.key


@dataclass(frozen=True)
class Named:
    """What a question names: `sure` projects, `maybe` ones to ask about, and its words with PROJECT for every name."""

    sure: tuple[Candidate, ...]
    maybe: tuple[Candidate, ...]
    words: tuple[str, ...]


def link(question: str, projects: Iterable[Candidate], *, known_words: frozenset[str]) -> Named:
    """The projects a question names by number, by whole name, or nearly so."""
    listed = list(projects)
    text, keyed = _by_key(normalised(question), listed)
    words, whole = _by_whole_name(tokens(text), listed, known_words)
    family = [p for p in whole if p in keyed] or whole
    sure = tuple(dict.fromkeys((*keyed, *family)))
    own = {w for p in sure for w in name_tokens(p.name) if not w.isdecimal()}
    words = [PROJECT if w in own and w not in known_words else w for w in words]
    unknown = [w for w in words if w not in known_words and w not in (PROJECT, BREAK)]
    if sure:
        unknown = [w for w in unknown if not w.isdecimal()]
    in_names = {w for p in listed for w in name_tokens(p.name)} if any(map(number_like, unknown)) else set()
    if not unknown or len(unknown) > MOST_UNKNOWN or any(number_like(w) and w not in in_names for w in unknown):
        return Named(sure, (), tuple(words))
    near, maybe, used = _by_likeness(unknown, listed)
    words = [PROJECT if w in used else w for w in words]
    return Named(tuple(dict.fromkeys((*sure, *near))), maybe, tuple(words))


def nearest_keys(word: str, projects: Iterable[Candidate]) -> list[Candidate]:
    """Projects whose numbers look like a word that is none."""
    by_key = {p.key.lower(): p for p in projects}
    return [by_key[key] for key in get_close_matches(word.lower(), by_key, n=2, cutoff=0.7)]


def _could_be_a_count(key: str) -> bool:
    return key.isdecimal() and (len(key) <= 2 or re.fullmatch(r"(?:19|20)\d\d", key) is not None)


def _by_key(text: str, projects: Sequence[Candidate]) -> tuple[str, list[Candidate]]:
    """Whole job numbers, longest first, each taken out of the text; a part of a longer run is none."""
    found: list[Candidate] = []
    lowered = text.lower()
    for project in sorted(projects, key=lambda p: -len(p.key)):
        key = normalised(project.key)
        if not key or key.lower() not in lowered:
            continue
        said = r"(?:\b(?:job|project|number|no)\.?\s*#?\s*|#)" if _could_be_a_count(key) else ""
        whole = rf"{said}(?<!\w)(?<!\w[-./:])(?<!-){re.escape(key)}(?![\w-])(?![./:,]\w)"
        if re.search(whole, text, re.IGNORECASE):
            found.append(project)
            found += [p for p in projects if p.key.lower() == project.key.lower() and p not in found]
            apart = {
                f"{key}{mark}{m}".lower() for m in re.findall(rf"{whole}\s+(\w)\b", text, re.I) for mark in ("", "-")
            }
            found += [p for p in projects if p.key.lower() in apart and p not in found]
            text = re.sub(whole, f" {PROJECT} ", text, flags=re.IGNORECASE)
    return text, found


def _by_whole_name(
    words: list[str], projects: Sequence[Candidate], known_words: frozenset[str]
) -> tuple[list[str], list[Candidate]]:
    """Projects all of whose name stands in the question, with those whose longer name holds it too."""
    found: list[Candidate] = []
    present = set(words)
    for project in sorted(projects, key=lambda p: -len(name_tokens(p.name))):
        name = list(name_tokens(project.name))
        if not present.issuperset(name) or all(w in known_words or w.isdecimal() for w in name):
            continue
        at = _position(name, words)
        while at is not None:
            words = [*words[:at], PROJECT, *words[at + len(name) :]]
            found += [p for p in projects if _position(name, list(name_tokens(p.name))) is not None]
            at = _position(name, words)
    return words, list(dict.fromkeys(found))


def _position(part: list[str], words: list[str]) -> int | None:
    return next((i for i in range(len(words) - len(part) + 1) if words[i : i + len(part)] == part), None)


def _by_likeness(
    unknown: list[str], projects: Sequence[Candidate]
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...], frozenset[str]]:
    """The project whose name fits all the unknown words, if one stands out; else those that fit half of them."""
    scored = sorted(((_fit(unknown, p), p) for p in projects), key=lambda s: (-s[0].score, s[1].label))
    if not scored or not scored[0][0].near:
        return (), (), frozenset()
    best = scored[0][0].score
    close = [(fit, p) for fit, p in scored if fit.near and fit.score >= best - 6]
    used = frozenset(w for fit, _ in close for w in fit.near)
    if best >= LINK and len(close) == 1:
        return (close[0][1],), (), used
    return (), tuple(p for _, p in close[:3]), used


@dataclass(frozen=True)
class _Fit:
    score: float = 0.0
    near: frozenset[str] = frozenset()


def _fit(unknown: list[str], project: Candidate) -> _Fit:
    """How well the question's unknown words fit a project's own, and which of them do.

    A number fits only beside a word that fits, and a word that fits nothing pulls the fit below LINK.
    """
    own = [w for w in name_tokens(project.name) if len(w) > 1 or w.isdecimal()]
    scores = {w: max((_alike(w, o) for o in own), default=0.0) for w in unknown}
    near = frozenset(w for w, s in scores.items() if s >= ASK)
    if not any(_tells(w) for w in near) or len(near) * 2 < len(scores):
        return _Fit()
    mean = sum(scores[w] for w in near) / len(near)
    return _Fit(mean if len(near) == len(scores) else min(mean, LINK - 1) * len(near) / len(scores), near)


def _tells(word: str) -> bool:
    """A number, a short word or a common one names no project by itself."""
    return len(word) > 2 and not word.isdecimal() and word not in COMMON


def _alike(asked: str, own: str) -> float:
    """Likeness of two words, 0 to 100; short ones and numbers must be equal, a beginning counts as an abbreviation."""
    from rapidfuzz import fuzz

    if len(asked) <= 2 or any(c.isdigit() for c in asked):
        return 100.0 * (asked == own)
    if len(asked) >= 4 and own.startswith(asked):
        return 90.0
    return float(fuzz.ratio(asked, own))
