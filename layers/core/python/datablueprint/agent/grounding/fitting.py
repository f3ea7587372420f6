"""Which words may stand beside a figure: those of its own metric and unit, and of no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from datablueprint.agent.grounding.evidence import Fact
from datablueprint.agent.grounding.sentences import Bound
from datablueprint.agent.grounding.wording import DAY, ENTITY, FIGURE, LABEL, Wrong
from datablueprint.metrics import BY_NAME

HEADS: dict[str, tuple[str, ...]] = {
    "margin": ("margin", "margins"),
    "profit": ("profit", "profits"),
    "profitability": ("profit", "margin"),
    "earnings": ("profit",),
    "loss": ("loss", "profit", "margin", "fade", "erosion", "variance", "performance"),
    "cost": ("cost", "costs", "spent", "labor", "overhead", "burden", "wages", "eac", "commitments", "pool", "erosion",
             "variance", "provision", "job_cash_out"),
    **dict.fromkeys(
        ("lost", "lose", "losing"),
        ("loss", "profit", "margin", "fade", "erosion", "variance", "performance", "gain"),
    ),
    "expense": ("cost", "overhead"),
    "spend": ("cost", "overhead", "wages", "labor"),
    "spent": ("actual", "labor", "wages", "overhead", "burden", "paid"),
    "contract": ("contract", "price"),
    "make": ("profit", "margin", "gain"),
    "earns": ("profit", "earned"),
    "earned": ("earned", "profit"),
    "worked": ("hours",),
    "took": ("hours", "labor"),
    "allowed": ("hours", "budget"),
    "revenue": ("revenue", "contract", "billed", "price"),
    "billing": ("billed", "overbilled", "underbilled", "billings"),
    "billed": ("billed", "overbilled", "underbilled"),
    "invoiced": ("invoiced", "billed"),
    "overbilled": ("overbilled", "overbilling"),
    "underbilled": ("underbilled",),
    "backlog": ("backlog",),
    "cash": ("cash", "liquidity"),
    "liquidity": ("liquidity",),
    "overhead": ("overhead",),
    "burden": ("burden", "burdened"),
    "hour": ("hours",),
    "wage": ("wages", "labor"),
    "labor": ("labor", "burn", "burden", "overtime", "hours"),
    "budget": ("budget", "budgets", "buyout"),
    "commitment": ("committed", "commitments", "buyout"),
    "committed": ("committed", "commitments"),
    "retainage": ("retainage",),
    "retention": ("retainage",),
    "variance": ("variance",),
    "fade": ("fade", "erosion", "performance", "effects"),
    "erosion": ("erosion", "fade", "gain"),
    "markup": ("markup",),
    "provision": ("provision",),
    "score": ("scorecard", "score"),
    "credibility": ("credibility",),
}  # fmt: skip
"""What a noun beside a figure names -> words of the metrics it can be."""
QUALIFIERS: dict[str, tuple[str, ...]] = {
    "gross": ("gross",),
    "net": ("net",),
    "pending": ("pending", "approve", "reject", "expected"),
    "unapproved": ("pending",),
    "original": ("original", "fade"),
    "billed": ("billed", "overbilled", "underbilled", "billings", "overbilling"),
    "revised": ("revised", "contract"),
    "at completion": ("completion", "backlog", "contract", "expected", "approve", "reject", "margin", "profit", "eac"),
    "to date": ("date", "actual", "earned", "billed", "labor", "burden", "wages", "hours", "overtime", "invoiced",
                "committed", "cash"),
    "to complete": ("complete", "to_complete_performance_index"),
    "earned": ("earned",),
    "actual": ("actual", "labor"),
    "burdened": ("burdened", "labor"),
    "unburdened": ("wages",),
    "overtime": ("overtime",),
    "percent complete": ("percent", "progress"),
    "per week": ("week",),
    "per hour": ("rate", "hour"),
    "average": ("mean", "weighted"),
    "mean": ("mean",),
}  # fmt: skip
"""Words that tell kinds of one thing apart -> words of the metrics they may be said of."""
MONEY = "profit cost expense contract revenue billing billed invoiced backlog cash burden wage budget provision".split()
UNITS_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(MONEY, ("money",)),
    "margin": ("ratio", "points"),
    "hour": ("hours", "hours_per_week"),
    "worked": ("hours",),
}
"""What a noun is counted in, where it stands last."""
WHOLES = frozenset(("contract", "revenue", "cost", "budget", "wage", "billing"))
"""What a ratio may be said to be a share of."""
SAME = {"costs": "cost", "billings": "billing", "labour": "labor", "expenses": "expense", "losses": "loss"}
UNIT_WORDS: dict[str, tuple[str, ...]] = {
    "hour": ("hours", "hours_per_week"),
    "day": ("days",),
    "week": ("weeks",),
    "month": (),
    "year": (),
    "point": ("points",),
    "job": ("count",),
    "project": ("count",),
}
ASIDE = re.compile(
    rf"[,;:()]|\b(?:and|on|against|with|while|but|is|are|was|as|that|which|from|after|before|without|excluding|including|less|plus)\b|[{ENTITY}{DAY}]"
)
"""Where the words after a figure stop being about it."""
WORD = re.compile(r"[a-z]+")
LEAVES = re.compile(r"\bleav(?:es|ing)\s*$")
CENT = Decimal("0.01")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})(?:s|es)?\b")


HEAD, QUALIFIER = _pattern((*HEADS, *SAME, "profit margin")), _pattern(QUALIFIERS)
UNIT_TOKENS = {"money_per_hour": ("hours", "cost"), "money_per_week": ("cost",), "hours_per_week": ("hours",)}
CHANGE_OF, MARKED = re.compile(r"^change of "), re.compile(r" \(HYPOTHETICAL.*$")


def words_of(fact: Fact) -> frozenset[str]:
    """Every word that belongs to a fact: of its metric, its label, its unit and its cost type."""
    of_labor = ("labor",) if fact.scope.endswith(".L") else ()
    spelled = (*fact.metric.lower().split("_"), *WORD.findall(fact.label.lower()), fact.metric)
    own = BY_NAME[fact.metric].label.split() if fact.metric in BY_NAME else ()
    return frozenset((*spelled, *own, *UNIT_TOKENS.get(fact.unit, ()), *of_labor))


def heads(text: str) -> list[list[str]]:
    """The nouns of figures in a text, as HEADS spells them; nouns that follow each other directly stand together."""
    runs: list[list[str]] = []
    end = -2
    low = text.lower()
    for match in HEAD.finditer(low):
        if match.start() == end + 1 and low[end] == " ":
            if match[0] != "contracts" or runs[-1][-1] not in ("overbilled", "underbilled"):
                runs[-1].append(_head(match[0]))
        else:
            runs.append([_head(match[0])])
        end = match.end()
    return runs


def _head(word: str) -> str:
    if word.startswith("profit margin"):
        return "margin"
    word = SAME.get(word, word)
    return next((form for form in (word, word.removesuffix("s"), word.removesuffix("es")) if form in HEADS), word)


def head_fits(head: str, fact: Fact) -> bool:
    return bool(words_of(fact).intersection(HEADS.get(head, ())))


def ill_fitting(bound: Bound, earlier: Sequence[Fact] = ()) -> Iterator[Wrong]:
    """Words beside a figure that name another metric or unit than its own; `earlier` are the figures before it."""
    fact = bound.fact
    yield from _units(bound)
    if LEAVES.search(bound.before) and _is_left(fact, earlier):
        return
    before, heading, after = (own_label(text, fact) for text in (not_of_the_last(bound), bound.heading, bound.after))
    told = ASIDE.split(after, maxsplit=1)[0]
    share = fact.unit in ("ratio", "points") and told.lstrip().startswith("of ")
    told = "" if share else told
    fix = f"{fact.ref} is the {fact.label}; call it so, or use another ref"
    wrong: list[str] = []
    if fact.unit == "hours" and re.search(r"\b(?:for|over)\s+$", bound.before):
        return  # hours told beside what they cost
    so_far = own_label(bound.heading[len(bound.heading) - (bound.slot.at - bound.span[0]) :], fact)
    for called in _called((told, _own_words(before), so_far), heading):
        unfit = [head for head in called if not head_fits(head, fact)]
        wrong = unfit or _of_another_unit(called, fact, bound.sentence)
        if not wrong:
            break
    else:
        yield Wrong("wrong_metric", wrong[0], fix)
    near = told if heads(told) else f"{_phrase(before)} | {told}"
    for found in QUALIFIER.finditer(near.lower()):
        wanted = QUALIFIERS.get(found[0]) or QUALIFIERS.get(found[0].rstrip("s"), ())
        if wanted and not words_of(fact).intersection(wanted):
            yield Wrong("wrong_metric", found[0], fix)
    of = [head for run in heads(ASIDE.split(after, maxsplit=1)[0])[:1] for head in run] if share else []
    if any((head not in WHOLES and not head_fits(head, fact)) or head == "margin" for head in of):
        yield Wrong("wrong_metric", "of", fix)


def not_of_the_last(bound: Bound) -> str:
    """The words before a figure, without those that say what the figure before it is: '{figure} of profit, ...'."""
    follows = bound.heading[: len(bound.heading) - len(bound.before)].endswith(FIGURE)
    said, *rest = ASIDE.split(bound.before, maxsplit=1)
    mine = follows and rest and re.match(r"\s*(?:of|in) ", said) and heads(said)
    return bound.before[len(said) :] if mine else bound.before


def _is_left(fact: Fact, earlier: Sequence[Fact]) -> bool:
    """Whether a figure is the difference of the last two: 'A less B, which leaves C'."""
    values = [each.value for each in (*earlier[-2:], fact)]
    if len(values) < 3 or None in values:
        return False
    first, second, rest = (value or Decimal(0) for value in values)
    return abs(first - second - rest) < CENT


def _called(near: Sequence[str], heading: str) -> list[list[str]]:
    """The nouns a figure is called by: after it, before it, in its sentence; else those of the first or last so far."""
    for which, text in zip((0, -1, -1), near, strict=True):
        found = heads(text)
        if LABEL in text and (which == 0 or not heads(text.rsplit(LABEL, 1)[1])):
            return [[]]
        if found:
            return [found[which]]
    found = heads(heading)
    if not found or (LABEL in heading and not heads(heading.split(LABEL, 1)[0])):
        return [[]]
    return [[] if LABEL in heading and not heads(heading.rsplit(LABEL, 1)[1]) else found[-1], found[0]]


def _of_another_unit(called: Sequence[str], fact: Fact, near: str) -> list[str]:
    """The noun, when it names money and the figure is none, or a ratio and it is money."""
    kinds = UNITS_OF.get(called[-1]) if called else None
    by_time = fact.unit.startswith("money_per") and re.search(r"\bper\b|\b[Aa]n? (?:hour|week)\b", near)
    return [called[-1]] if kinds and not by_time and fact.unit not in (*kinds, "weeks") else []


def own_label(text: str, fact: Fact) -> str:
    """A text with the fact's own label, as metrics and results spell it, in one character."""
    own = {fact.label, MARKED.sub("", CHANGE_OF.sub("", fact.label))}
    if fact.metric in BY_NAME:
        own.add(BY_NAME[fact.metric].label)
    spelled = "|".join(re.escape(label) for label in sorted(own, key=len, reverse=True))
    if "erosion" in fact.metric and (fact.value or 0) > 0:
        spelled += "|over budget by"
    return re.sub(rf"\b(?:{spelled})(?!\w)", LABEL, text, flags=re.IGNORECASE)


def _phrase(before: str) -> str:
    """The last words before a figure that name a metric, without what stands beside them."""
    parts = ASIDE.split(before)
    return next((part for part in reversed(parts) if heads(part) or LABEL in part), parts[-1])


def _own_words(before: str) -> str:
    """The words of a figure alone: after the last entity, when something was said since."""
    after = before.rsplit(ENTITY, 1)[-1]
    return after if heads(after) or LABEL in after else before


def _units(bound: Bound) -> Iterator[Wrong]:
    found = re.match(r"[\s-]*(?:of )?([a-z]+?)s?\b", bound.after.lower())
    if found and found[1] in UNIT_WORDS and bound.fact.unit not in UNIT_WORDS[found[1]]:
        yield Wrong("wrong_unit", found[1], f"{bound.fact.ref} is in {bound.fact.unit} and is printed with its unit")
