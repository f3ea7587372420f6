"""A bridge as a picture: one row per part, readable on a phone, told by sign and hatching as well as by colour.

The whole is drawn in 400 units of width; rows run downwards, so that names
stay level and legible however many parts there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from xml.sax.saxutils import escape

from datablueprint.errors import FigureUnverified
from datablueprint.exports.text import clean

Row = Mapping[str, Any]
MOST = 8
"""Parts told by name."""
LEAST = Decimal("0.02")
"""A part smaller than this share of the largest is told among the others."""
WIDTH, LEFT, RIGHT = 400, 14, 386
TOP, STEP, BAR = 64, 40, 14
LONGEST, LONGEST_TITLE = 38, 40
"""Characters of a name that fit a row beside its amount, and the title."""
GAIN, LOSS, END, INK, PALE = "#1b7f4b", "#b3261e", "#3d4f66", "#1a1a1a", "#5c6670"


@dataclass(frozen=True)
class Step:
    """A row: an end stands on zero, a part goes from one level to the next."""

    name: str
    start: Decimal
    stop: Decimal
    is_end: bool = False

    @property
    def amount(self) -> Decimal:
        return self.stop - self.start

    @property
    def said(self) -> str:
        return money(self.stop) if self.is_end else money(self.amount, signed=True)


def bridge_picture(result: Row) -> str:
    """The waterfall of a bridge (`statements.profit_bridge`) as SVG; FigureUnverified when its parts do not sum."""
    rows = steps(result)
    scale = Scale.of(rows)
    height = TOP + STEP * len(rows) + 46
    mark = re.sub(r"\W+", "-", f"loss-{result['project']}")
    drawn = [*_axis(scale, TOP + STEP * len(rows)), *_rows(rows, scale, mark)]
    return "\n".join([*_head(result, rows, height, mark), *drawn, "</svg>", ""])


def steps(result: Row) -> list[Step]:
    """Start, the parts that matter with all others as one, end."""
    start, end = Decimal(result["from"]["value"]), Decimal(result["to"]["value"])
    parts = _parts(result["parts"])
    if start + sum((amount for _, amount in parts), Decimal(0)) != end:
        raise FigureUnverified(f"The parts of the bridge of {result['project']} do not sum to its difference")
    rows, level = [Step(str(result["from"]["point"]), Decimal(0), start, is_end=True)], start
    for name, amount in parts:
        rows.append(Step(name, level, level + amount))
        level += amount
    return [*rows, Step(str(result["to"]["point"]), Decimal(0), end, is_end=True)]


def _parts(stated: Sequence[Row]) -> list[tuple[str, Decimal]]:
    moved = [(_name(part), Decimal(part["value"])) for part in stated if Decimal(part["value"])]
    moved.sort(key=lambda part: -abs(part[1]))
    least = abs(moved[0][1]) * LEAST if moved else Decimal(0)
    large = [part for part in moved[:MOST] if abs(part[1]) >= least]
    small = moved[len(large) :]
    if len(small) <= 1:
        return moved
    return [*large, (f"other ({len(small)} smaller parts)", sum((amount for _, amount in small), Decimal(0)))]


def _name(part: Row) -> str:
    return part["label"] if part["label"].startswith(part["cause"]) else f"{part['cause']}: {part['label']}"


@dataclass(frozen=True)
class Scale:
    """From money to units of width; zero is always on it, so that lengths compare."""

    low: Decimal
    high: Decimal
    tick: Decimal

    @classmethod
    def of(cls, rows: Sequence[Step]) -> Scale:
        levels = [Decimal(0), *(level for row in rows for level in (row.start, row.stop))]
        low, high = min(levels), max(levels)
        tick = _round_step((high - low) / 4 or Decimal(1))
        floor = (low / tick).to_integral_value(ROUND_FLOOR) * tick
        ceiling = (high / tick).to_integral_value(ROUND_CEILING) * tick
        return cls(floor, ceiling if ceiling > floor else floor + tick, tick)

    def x(self, level: Decimal) -> float:
        return round(LEFT + float((level - self.low) / (self.high - self.low)) * (RIGHT - LEFT), 2)

    def ticks(self) -> Iterator[Decimal]:
        level = self.low
        while level <= self.high:
            yield level
            level += self.tick


def _round_step(raw: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10, 20 ..."""
    power = Decimal(10) ** raw.adjusted()
    return next(step * power for step in (1, 2, 5, 10) if step * power >= raw)


def _head(result: Row, rows: Sequence[Step], height: int, mark: str) -> Iterator[str]:
    subject = f"{result['project']} {result['name']}"
    difference = rows[-1].stop - rows[0].stop
    parts = "; ".join(f"{row.name} {row.said}" for row in rows if not row.is_end) or "nothing moved"
    told = (
        f"Gross profit at completion moved by {money(difference, signed=True)}, from {rows[0].said} "
        f"({rows[0].name}) to {rows[-1].said} ({rows[-1].name}). Parts: {parts}."
    )
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'aria-labelledby="{mark}-title {mark}-text" style="max-width:640px;height:auto" '
        'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" font-size="12">'
    )
    yield f'<title id="{mark}-title">{safe("Margin bridge of " + subject)}</title>'
    yield f'<desc id="{mark}-text">{safe(told)}</desc>'
    yield (
        f'<defs><pattern id="{mark}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{LOSS}"/><rect width="2" height="6" fill="#ffffff" fill-opacity="0.55"/>'
        "</pattern></defs>"
    )
    yield f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    yield _text(LEFT, 22, shortened(subject, LONGEST_TITLE), size=15, weight="bold")
    yield _text(LEFT, 42, f"Gross profit at completion: {money(difference, signed=True)}", size=13, fill=PALE)


def _rows(rows: Sequence[Step], scale: Scale, mark: str) -> Iterator[str]:
    for number, row in enumerate(rows[:-1]):
        x, y = scale.x(row.stop), TOP + number * STEP + 17 + BAR
        yield f'<path d="M{x} {y}V{y + STEP - BAR}" stroke="{PALE}" stroke-dasharray="2 2"/>'
    for number, row in enumerate(rows):
        y = TOP + number * STEP
        left, right = sorted((scale.x(row.start), scale.x(row.stop)))
        edge = END if row.is_end else GAIN if row.amount >= 0 else LOSS
        fill = f"url(#{mark})" if edge == LOSS else edge
        yield f"<g><title>{safe(f'{row.name}: {row.said}')}</title>"
        yield (
            f'<rect x="{left}" y="{y + 17}" width="{max(round(right - left, 2), 1)}" height="{BAR}" '
            f'fill="{fill}" stroke="{edge}"/>'
        )
        yield _text(LEFT, y + 12, shortened(row.name, LONGEST))
        yield _text(RIGHT, y + 12, row.said, anchor="end", weight="bold", fill=INK if row.is_end else edge) + "</g>"


def _axis(scale: Scale, bottom: int) -> Iterator[str]:
    for level in scale.ticks():
        x = scale.x(level)
        colour = PALE if level == 0 else "#d5d9de"
        yield f'<path d="M{x} {TOP}V{bottom}" stroke="{colour}" stroke-width="{1.5 if level == 0 else 1}"/>'
        anchor = "start" if x < LEFT + 20 else "end" if x > RIGHT - 20 else "middle"
        yield _text(x, bottom + 16, brief(level), anchor=anchor, size=11, fill=PALE)
    yield _text(
        WIDTH / 2, bottom + 34, "dollars of gross profit; hatched parts with a minus lower it", anchor="middle", size=11
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, weight: str = "normal", fill: str = INK
) -> str:
    halo = 'stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    looks = f'text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{fill}"'
    return f'<text x="{x}" y="{y}" {looks} {halo}>{safe(text)}</text>'


def money(amount: Decimal, *, signed: bool = False) -> str:
    """To the cent, so that what is shown sums; a real minus, and a plus where a sign tells."""
    sign = "−" if amount < 0 else "+" if signed and amount > 0 else ""
    return f"{sign}${abs(amount):,.2f}"


def brief(amount: Decimal) -> str:
    """A tick: $200k, −$1.5M."""
    sign, size = "−" if amount < 0 else "", abs(amount)
    for unit, letter in ((Decimal(10**6), "M"), (Decimal(10**3), "k")):
        if size >= unit:
            return f"{sign}${(size / unit).normalize():f}{letter}"
    return f"{sign}${size.normalize():f}"


def shortened(text: str, longest: int) -> str:
    """Cut where it would run into its neighbour; the whole stands in the row's title."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def safe(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})
