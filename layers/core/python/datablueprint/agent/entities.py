"""A name in a question is a project only if nothing else it could mean comes near."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LINK, ASK = 84, 66
"""At LINK a name is taken; between ASK and LINK the person is asked; below, it is no name (measured bands)."""


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


@dataclass(frozen=True)
class Named:
    """What a question's words name: `sure` projects, or `maybe` ones to ask about, and the words they used up."""

    sure: tuple[Candidate, ...] = ()
    maybe: tuple[Candidate, ...] = ()
    used: frozenset[str] = frozenset()


def tokens(text: str) -> list[str]:
    """Lower-case words, job numbers kept whole: '24-017' is one word."""
    return re.findall(r"\d{2}-\d{2,4}|[a-z0-9]+", text.lower().replace("'s", "").replace("’s", ""))


def link(question: str, projects: Iterable[Candidate], *, known_words: frozenset[str]) -> Named:
    """The projects a question names by number, by all words of a name, or nearly so."""
    asked = tokens(question)
    listed = list(projects)
    by_number = [p for p in listed if p.key.lower() in asked]
    if by_number:
        used = {p.key.lower() for p in by_number} | {w for p in by_number for w in tokens(p.name)}
        return Named(sure=tuple(by_number), used=frozenset(used))
    unknown = [w for w in asked if w not in known_words]
    if not unknown:
        return Named()
    return _by_name(unknown, listed)


def _by_name(unknown: list[str], projects: list[Candidate]) -> Named:
    """The project whose name fits all the unknown words, if one stands out; else those that fit half of them."""
    scored = sorted(((_fit(unknown, p), p) for p in projects), key=lambda s: (-s[0].score, s[1].label))
    if not scored or not scored[0][0].near:
        return Named()
    best = scored[0][0].score
    close = [(fit, p) for fit, p in scored if fit.near and fit.score >= best - 6]
    used = frozenset(w for fit, _ in close for w in fit.near)
    if best >= LINK and len(close) == 1:
        return Named(sure=(close[0][1],), used=used)
    return Named(maybe=tuple(p for _, p in close[:3]), used=used)


@dataclass(frozen=True)
class _Fit:
    score: float = 0.0
    near: frozenset[str] = frozenset()


def _fit(unknown: list[str], project: Candidate) -> _Fit:
    """How well the question's unknown words fit a project's own, and which of them do.

    A number fits only beside a word that fits, and a word that fits nothing pulls the fit below LINK.
    """
    own = [w for w in tokens(project.name) if len(w) > 1 or w.isdigit()]
    scores = {w: max((_alike(w, o) for o in own), default=0.0) for w in unknown}
    near = frozenset(w for w, s in scores.items() if s >= ASK)
    if not any(_tells(w) for w in near) or len(near) * 2 < len(scores):
        return _Fit()
    mean = sum(scores[w] for w in near) / len(near)
    return _Fit(mean if len(near) == len(scores) else min(mean, LINK - 1) * len(near) / len(scores), near)


def _tells(word: str) -> bool:
    """A number, a short word or a common one names no project by itself."""
    return len(word) > 2 and not word.isdigit() and word not in COMMON


def _alike(asked: str, own: str) -> float:
    """Likeness of two words, 0 to 100; short ones and numbers must be equal, a beginning counts as an abbreviation."""
    from rapidfuzz import fuzz

    if len(asked) <= 2 or asked.isdigit():
        return 100.0 * (asked == own)
    if len(asked) >= 4 and own.startswith(asked):
        return 90.0
    return float(fuzz.ratio(asked, own))
