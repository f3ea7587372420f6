"""A name in a question is a project only if nothing else it could mean comes near."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LINK, ASK = 84, 66
"""At LINK a name is taken; between ASK and LINK the person is asked; below, it is no name (measured bands)."""


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
    return _by_name(unknown, listed, known_words)


def _by_name(unknown: list[str], projects: list[Candidate], known_words: frozenset[str]) -> Named:
    """Each unknown word must be near some word of the project; the project with the best fit wins if it stands out."""
    scored = sorted(((_fit(unknown, p, known_words), p.label, p) for p in projects), key=lambda s: (-s[0][0], s[1]))
    if not scored or scored[0][0][0] < ASK:
        return Named()
    best = scored[0][0][0]
    near = [(fit, p) for fit, _, p in scored if fit[0] >= max(ASK, best - 6)]
    used = frozenset(w for fit, _ in near for w in fit[1])
    if best >= LINK and len(near) == 1:
        return Named(sure=(near[0][1],), used=used)
    return Named(maybe=tuple(p for _, p in near[:3]), used=used)


def _fit(unknown: list[str], project: Candidate, known_words: frozenset[str]) -> tuple[float, frozenset[str]]:
    """Mean likeness of the question's unknown words to the project's own words, and the words that were near one."""
    from rapidfuzz import fuzz

    own = [w for w in tokens(project.name) if len(w) > 1 or w.isdigit()]
    if not own:
        return 0.0, frozenset()
    scores = {w: max(fuzz.ratio(w, o) if len(w) > 2 else 100.0 * (w == o) for o in own) for w in unknown}
    near = frozenset(w for w, s in scores.items() if s >= ASK)
    if not near:
        return 0.0, frozenset()
    return sum(scores[w] for w in near) / len(near) * _coverage(near, unknown), near


def _coverage(near: frozenset[str], unknown: list[str]) -> float:
    """A word that fits no project pulls the fit down: half-understood names are asked about, not guessed."""
    return 1.0 if len(near) == len(set(unknown)) else 0.9 * len(near) / len(set(unknown))
