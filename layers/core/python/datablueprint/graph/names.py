"""Two spellings are the same name only after what companies and clerks add to names is taken away."""

from __future__ import annotations

import re
import unicodedata

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
ROMAN = {"ii": "2", "iii": "3", "iv": "4"}
JOB_NUMBER = re.compile(r"(?<![\w-])(\d{2}-\d{2,4}|\d{4,6})(?![\w-])")


def words(name: str | None) -> tuple[str, ...]:
    """Lower-case words with abbreviations spelled out and legal forms dropped: 'Volt LLC' -> ('volt',)."""
    flat = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower().replace("&", " and ")
    tokens = re.findall(r"[a-z0-9]+", flat.replace("'", ""))
    spelled = (ABBREVIATIONS.get(t, ROMAN.get(t, t)) for t in tokens)
    return tuple(t for t in spelled if t not in LEGAL_FORMS)


def normal(name: str | None) -> str:
    return " ".join(words(name))


def job_numbers(name: str | None) -> tuple[str, ...]:
    """Job numbers written inside a name: '24-017 Harbor Clinic' -> ('24-017',)."""
    return tuple(JOB_NUMBER.findall(name or ""))


def without_numbers(name: str | None) -> str:
    return JOB_NUMBER.sub(" ", name or "")


def likeness(left: str, right: str) -> float:
    """0 to 1 between two normalised names; word order does not count, a missing word does."""
    from rapidfuzz import fuzz

    if not left or not right:
        return 0.0
    ordinals = [{w for w in side.split() if w.isdigit()} for side in (left, right)]
    if ordinals[0] != ordinals[1] and ordinals[0] and ordinals[1]:
        return 0.0  # Phase 1 is never Phase 2, however alike the rest
    return max(fuzz.token_sort_ratio(left, right), 0.95 * fuzz.token_set_ratio(left, right)) / 100
