"""Words a model may not choose: anything that reads as a quantity, an address, or what the eye cannot see.

Names, dates and metric labels of the evidence are masked before this is asked;
what is left is the model's own prose, which needs no number to be understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

SLOTS = ("\ue000", "\ue001", "\ue002", "\ue003", "\ue004")
FIGURE, ENTITY, DAY, COUNT, LABEL = SLOTS
"""What stands in a reading where something was named by reference; private characters no draft may hold itself."""

PUNCTUATION = frozenset(" \n.,;:!?'\"’‘“”()-–—/&…•*")
CARDINALS = (
    "zero nought naught two three four five six seven eight nine eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen hundred hundreds thousand thousands million millions billion billions trillion "
    "trillions lakh crore dozen dozens ten twenty thirty forty fourty fifty sixty seventy eighty ninety"
).split()
ORDINALS = (
    "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth "
    "ninetieth hundredth thousandth millionth"
).split()
MULTIPLES = (
    "half halves halved halving thirds fourths fifths sixths sevenths eighths ninths tenths hundredths thousandths "
    "double doubled doubles doubling twice twofold threefold tenfold manifold triple tripled triples tripling thrice "
    "treble trebled quadruple quadrupled quintuple percent percents percentage percentages pct permille bps "
    "couple pair trio quartet threesome umpteen sextuple septuple halfway majority minority"
).split()
SHORT = "k m b mm bn mn mln mio tn mil grand bucks".split()
"""Short for a power of ten, standing alone."""
CURRENCY = "dollar dollars cent cents usd eur gbp cad euro euros pound pounds peso pesos yen buck".split()
FOREIGN = (
    "uno dos tres cuatro cinco siete ocho nueve diez veinte treinta cuarenta cincuenta cien ciento millones deux trois "
    "quatre cinq huit neuf dix vingt cent mille zwei drei vier fünf sechs sieben acht neun zehn zwanzig hundert tausend"
).split()
NUMBER_WORDS = frozenset((*CARDINALS, *ORDINALS, *MULTIPLES, *FOREIGN))
UNSURE = ("one", "ones", "single", "quarter", "quarters", "first", "zero")
"""Numbers unless an idiom or a period holds them."""
BANNED = NUMBER_WORDS | frozenset((*SHORT, *CURRENCY, *UNSURE))
JOINED = re.compile(rf"(?:{'|'.join(sorted((*NUMBER_WORDS, 'one'), key=len, reverse=True))}){{2,}}")
ROMAN = re.compile(r"(?=[ivxlcdm]{2,})m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
NO_ROMAN = frozenset(("mix", "cm", "di", "mi"))
"""Valid numerals that are words or the trade's abbreviations (CM: construction manager)."""
NUMBERED = "phase lot building unit tower part section type class no number schedule".split()
"""After these an I is a number."""
LOOKALIKE = re.compile(r"[lIoO]{2,}")
WORD = re.compile(r"[A-Za-z]+")
LETTERS_APART = re.compile(r"(?<![A-Za-z])[A-Za-z](?:[ .\-/*]{1,2}[A-Za-z](?![A-Za-z])){2,}")
LINK = re.compile(
    r"://|\bwww\b|\b(?:https?|ftp|mailto|javascript|file)\b\s*:|\]\s*\(|!\[|<[a-z/!]"
    r"|\b[a-z0-9-]+\.(?:com|net|org|io|co|us|gov|edu|dev|app|info|biz|ly|me|ru|cn|xyz)\b",
    re.IGNORECASE,
)
PERIODS = re.compile(
    r"\b(?:last|this|next|previous|prior|past|current|each|every|per|the|a|by) quarter(?:'s|’s)?\b(?! of (?!the year))"
    r"|\bquarter[- ]end\b",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"\b(?:no|the|each|every|any|another|which|this|that|either|neither|last|by) one\b|\bone (?:of|by|another|at a)\b"
    r"|\bone-(?:off|time)\b|\bgrade [ABCU]\b|\bsecond(?:-| )?(?:hand|tier)\b"
    r"|\b[Ii]n dollars,|\bthe two\b(?! (?:of )?[\ue000-\ue004])"
    r"|\b(?:lowest|highest|largest|smallest|worst|best|biggest|newest|oldest)(?: [a-z]+){0,3} first\b|\bat first\b"
    r"|\bfirst,|\bpercent complete\b",
    re.IGNORECASE,
)
"""Idioms whose number is no quantity."""


class Wrong(NamedTuple):
    code: str
    said: str
    fix: str


BY_REFERENCE = "Say it with {figure}, {count} or {day}, or leave it out"


def folded(text: str) -> str:
    """Letters without their accents, one for one or fewer: what a reader takes them for."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def wrong_characters(text: str) -> Iterator[Wrong]:
    """Of the text as it was typed, before anything is masked: what no prose needs and what cannot be seen."""
    link = LINK.search(text)
    if link:
        yield Wrong("link", link[0], "Links, images and markup are never printed; leave them out")
    for char in text:
        kind = unicodedata.category(char)
        if kind in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Me") and char != "\n":
            yield Wrong("invisible", f"U+{ord(char):04X}", "Use plain letters only")
        elif kind == "Sc":
            yield Wrong("currency", char, BY_REFERENCE)


def wrong_symbols(text: str) -> Iterator[Wrong]:
    """Of the text whose names, dates and labels are masked."""
    for char in text:
        kind = unicodedata.category(char)
        if char in SLOTS or char in PUNCTUATION or (char.isascii() and char.isalpha()):
            continue
        if kind[0] == "N":
            yield Wrong("digit", char, BY_REFERENCE)
        elif kind[0] == "L" and len(folded(char)) == 1 and folded(char).isascii():
            continue
        elif kind[0] == "M":
            continue  # folded away before words are read
        else:
            yield Wrong("symbol", char, "Use plain letters and ordinary punctuation")


def wrong_words(text: str) -> Iterator[Wrong]:
    """Quantities in words: cardinals, ordinals, fractions, multiples, powers, roman numerals, however spelled."""
    plain = ALLOWED.sub(" ", PERIODS.sub(" ", folded(text)))
    words = [(found[0], found.start()) for found in WORD.finditer(plain)]
    for index, (word, at) in enumerate(words):
        pair = word + words[index + 1][0] if index + 1 < len(words) else ""
        if _quantity(word, pair) or (word == "I" and index and words[index - 1][0].lower() in NUMBERED):
            yield Wrong("number_word", word, BY_REFERENCE)
        elif word.lower() in ("fold", "some", "odd") and plain[at + len(word) :].lstrip(" ").startswith(FIGURE):
            yield Wrong("number_word", word, "A figure is exact; leave the word out")
    for found in LETTERS_APART.finditer(plain):
        yield Wrong("number_word", found[0], "Write words, not letters apart")


def _quantity(word: str, pair: str) -> bool:
    """`pair` is the word with the next one, for a number that was typed in two halves."""
    low = word.lower()
    if low in BANNED or JOINED.fullmatch(low) or pair.lower() in NUMBER_WORDS:
        return True
    if LOOKALIKE.fullmatch(word) and word not in ("Io", "lo", "Lo", "Oo", "oo"):
        return True
    same_case = word.isupper() or word.islower()
    return same_case and len(word) > 1 and low not in NO_ROMAN and bool(ROMAN.fullmatch(low))
