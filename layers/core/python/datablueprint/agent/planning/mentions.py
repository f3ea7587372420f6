"""Names in a question: whole, in part, shortened or misspelt; each becomes a slot with everything it may mean."""

from __future__ import annotations

from collections.abc import Iterator

from datablueprint.agent.names import ASK, LINK, Named
from datablueprint.agent.planning import lexicon
from datablueprint.agent.planning.lexicon import starts, table
from datablueprint.agent.planning.slots import Masked, Slot
from datablueprint.agent.planning.words.filler import MISSPELT
from datablueprint.agent.planning.words.manners import HARMLESS
from datablueprint.agent.planning.words.names import CONNECTING, GENERIC
from datablueprint.agent.vocabulary import Vocabulary


def unshortened(words: list[str], vocabulary: Vocabulary) -> list[str]:
    """Shortened words of names in full, where some name holds them and they mean nothing else."""
    short, held = lexicon.short_names(), vocabulary.index.holding
    found: list[str] = []
    covered = _covered(words)
    at = 0
    while at < len(words):
        size = 0 if covered[at] else next((n for n in (3, 2, 1) if tuple(words[at : at + n]) in short), 0)
        full = short.get(tuple(words[at : at + size]), ())
        known = size == 1 and words[at] in lexicon.alone()
        if full and not known and all(word in held for word in full):
            found += full
            at += size
        else:
            found.append(words[at])
            at += 1
    return found


def whole_names(text: Masked, words: list[str], vocabulary: Vocabulary) -> list[str]:
    """Whole names become slots; a name that another holds within it may mean either."""
    index, found, at = vocabulary.index, [], 0
    while at < len(words):
        size, named = index.at(words, at)
        alone = size == 1 and (words[at] in lexicon.alone() or words[at] in GENERIC)
        if not size or alone:
            found.append(words[at])
            at += 1
            continue
        keys = [n.key for n in named] + [
            k for k in _holding(words[at : at + size], vocabulary) if k not in {n.key for n in named}
        ]
        kind = named[0].kind
        found.append(
            text.hide(
                Slot(
                    kind,
                    " ".join(words[at : at + size]),
                    tuple(dict.fromkeys(keys)) if kind == "project" else (named[0].key,),
                )
            )
        )
        at += size
    return found


def _holding(part: list[str], vocabulary: Vocabulary) -> Iterator[str]:
    """Projects whose longer name holds these words in a row."""
    index = vocabulary.index
    candidates = set.intersection(*(index.holding.get(w, set()) for w in part)) if part else set()
    for named in sorted(candidates, key=lambda n: n.key):
        if named.kind == "project":
            own = index.own_words(named.key)
            if any(own[i : i + len(part)] == tuple(part) for i in range(len(own))):
                yield named.key


def partial_names(text: Masked, words: list[str], vocabulary: Vocabulary) -> list[str]:
    """Parts of names, nicknames and misspellings become slots with every project they may mean."""
    spelled = _respelled(words, vocabulary)
    covered = _covered(words)
    found, at = [], 0
    while at < len(words):
        size, held = _run(spelled, words, covered, at, vocabulary)
        if not size:
            found.append(words[at])
            at += 1
            continue
        said = " ".join(words[at : at + size])
        scores = [spelled[i][1] for i in range(at, at + size) if spelled[i][0]]
        sure = sum(scores) >= LINK * len(scores)
        found.append(
            text.hide(
                _chosen(held, said, sure=sure, around=words[max(0, at - 2) : at] + words[at + size : at + size + 2])
            )
        )
        at += size
    return _unnamed(text, found)


def _unnamed(text: Masked, found: list[str]) -> list[str]:
    """A faint likeness of one word is no name where a name is sure."""
    slots = [text.slot(w) for w in found]
    if not any(s and s.sure and s.kind == "project" for s in slots):
        return found
    faint = [bool(s and not s.sure and " " not in s.said) for s in slots]
    return [s.said if s and f else w for s, f, w in zip(slots, faint, found, strict=True)]


def _chosen(held: set[Named], said: str, *, sure: bool, around: list[str]) -> Slot:
    """One slot for a run: of the kind that the words beside it name, else of every kind it may be."""
    kinds = {n.kind for n in held}
    hints = (
        ("customer", {"customer", "client", "owner"}),
        ("pm", {"pm", "manager", "jobs", "projects"}),
        ("project", {"job", "project", "site", "at", "on"}),
    )
    wanted = next((kind for kind, near in hints if kind in kinds and not near.isdisjoint(around)), None)
    kept = sorted(
        (n for n in held if wanted in (None, n.kind)),
        key=lambda n: (("project", "pm", "customer").index(n.kind), n.key),
    )
    return Slot(kept[0].kind, said, tuple(dict.fromkeys(n.key for n in kept)), sure=sure)


def _respelled(words: list[str], vocabulary: Vocabulary) -> list[tuple[str, float]]:
    """Each word as a name spells it, with how sure that is; ('', 0) for words that are in no name."""
    index, alone = vocabulary.index, lexicon.alone()
    found = []
    for word in words:
        score, own = (100.0, word) if word in index.holding else (0.0, "")
        plain = word in HARMLESS or word in MISSPELT
        if not own and not plain and word not in alone and word not in index.trade_words:
            score, own = index.like(word)
        found.append((own, score) if score >= ASK and not better_meant(word, score) else ("", 0.0))
    return found


def better_meant(word: str, score: float) -> bool:
    """A misspelt word of the field comes nearer than any name."""
    from rapidfuzz import fuzz

    known = lexicon.repaired(word) if score < LINK else None
    return known is not None and figured(known) and fuzz.ratio(word, known) > score


def figured(word: str) -> bool:
    """A word that is part of a figure's name, not of a form, a topic, or without meaning."""
    parts = table().get((word,)) or ("?",)
    return parts[0][:1] not in "#?"


def _covered(words: list[str]) -> list[bool]:
    """Words inside a known phrase of several words."""
    covered = [False] * len(words)
    at = 0
    while at < len(words):
        size = next((n for n in range(starts().get(words[at], 0), 1, -1) if tuple(words[at : at + n]) in table()), 1)
        if size > 1:
            covered[at : at + size] = [True] * size
        at += size
    return covered


def _run(
    spelled: list[tuple[str, float]], words: list[str], covered: list[bool], at: int, vocabulary: Vocabulary
) -> tuple[int, set[Named]]:
    """The longest run of words from a place that some names share, and those names; 0 when it names nothing."""
    index = vocabulary.index
    own = spelled[at][0]
    if not own or covered[at]:
        return 0, set()
    held, end, telling, last = index.holding[own], at + 1, _tells(own, words[at]), own
    pairs = 0
    while end < len(words):
        skip = end
        while skip < len(words) - 1 and words[skip] in CONNECTING and skip - end < 3 and telling:
            skip += 1
        nxt = spelled[skip][0]
        both = held & index.holding[nxt] if nxt else set()
        paired = (last, nxt) in index.pairs and skip == end
        if not both or not (
            paired
            or (_tells(nxt, words[skip]) and (skip == end or words[skip] not in CONNECTING))
            or (telling and nxt.isdigit() and skip == end)
            or (telling and nxt in GENERIC and skip == end)
        ):
            break
        held, end, last = both, skip + 1, nxt
        telling = telling or _tells(nxt, words[skip])
        pairs += paired
    if not (telling or pairs):
        return 0, set()
    return end - at, held


def _tells(own: str, word: str) -> bool:
    """A word that can name something by itself."""
    return (
        len(own) > 2
        and not own.isdigit()
        and own not in GENERIC
        and word not in lexicon.alone()
        and own not in lexicon.alone()
    )
