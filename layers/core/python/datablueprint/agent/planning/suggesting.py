"""The nearest questions that can be answered, for one that was not understood; alike in letters, not in meaning."""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import log, sqrt

from datablueprint.agent.planning import lexicon
from datablueprint.agent.planning.meanings import frames
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.query import Query
from datablueprint.agent.vocabulary import Vocabulary
from datablueprint.metrics import METRICS

SIZE = 3
MOST = 3
LEAST_LIKE = 0.08
SPECIAL = (
    (Query(kind="wip"), "wip schedule work in progress report"),
    (Query(kind="scorecard"), "best pm project managers scorecard rank"),
    (Query(kind="health"), "data fresh up to date linked books tie out"),
    (
        Query(kind="rank", metric="gross_margin_at_completion", by="project", order="lowest"),
        "worst jobs which job lowest margin",
    ),
    (
        Query(kind="rank", metric="cost_code_erosion", by="code", order="highest"),
        "which cost codes run over erode budget",
    ),
)  # fmt: skip


def suggest(question: str, vocabulary: Vocabulary, *, scope: str = "portfolio") -> tuple[str, ...]:
    """At most three questions, the likest first, of `scope` where their figure is told of it."""
    from datablueprint.agent.planning.reach import told

    asked = _weighed(question.lower())
    scored = sorted(((-_likeness(asked, weights), at) for at, (_, weights) in enumerate(_examples())))
    found: list[str] = []
    for score, at in scored:
        if -score < LEAST_LIKE or len(found) == MOST:
            break
        query = next((q for q in _placed(_examples()[at][0], scope) if told(q)), None)
        if query and (said := spoken(query, vocabulary)) not in found:
            found.append(said)
    return tuple(found)


def _placed(query: Query, scope: str) -> list[Query]:
    """The query of the wanted scope, or of the nearest one its metric is told of."""
    if query.kind != "figure":
        return [query]
    by_pm = Query(kind="list", metric=query.metric, by="pm")
    return [query.model_copy(update={"scope": s}) for s in (scope, "portfolio", "company")] + [
        Query(kind="list", metric=query.metric, by="project"), by_pm,
    ]  # fmt: skip


@cache
def _examples() -> tuple[tuple[Query, dict[str, float]], ...]:
    """Queries with the weighed letters of everything that names them."""
    named: dict[str, list[str]] = {m.name: [m.label] for m in METRICS}
    for frame in frames():
        named[frame.metric] += [lexicon.sayings().get(part, part.replace("_", " ")) for part in sorted(frame.needed)]
    texts = [(Query(metric=name), " ".join(dict.fromkeys(texts))) for name, texts in named.items()]
    texts += [(query, text) for query, text in SPECIAL]
    return tuple((query, _weighed(text)) for query, text in texts)


def _grams(text: str) -> Counter[str]:
    words = [f" {w} " for w in text.split() if (w,) not in _empty()]
    return Counter(w[i : i + SIZE] for w in words for i in range(max(1, len(w) - SIZE + 1)))


@cache
def _empty() -> frozenset[tuple[str, ...]]:
    return frozenset(phrase for phrase, parts in lexicon.table().items() if not parts)


@cache
def _rarity() -> dict[str, float]:
    """How telling three letters are: rare ones more."""
    labels = [set(_grams(f"{m.label} {m.name.replace('_', ' ')}")) for m in METRICS]
    held = Counter(gram for grams in labels for gram in grams)
    return {gram: log(1 + len(labels) / count) for gram, count in held.items()}


def _weighed(text: str) -> dict[str, float]:
    rarity = _rarity()
    weights = {gram: rarity[gram] for gram in _grams(text) if gram in rarity}
    length = sqrt(sum(w * w for w in weights.values())) or 1.0
    return {gram: w / length for gram, w in weights.items()}


def _likeness(one: dict[str, float], other: dict[str, float]) -> float:
    small, large = sorted((one, other), key=len)
    return sum(w * large.get(gram, 0.0) for gram, w in small.items())
