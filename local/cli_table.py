"""Money, shares and aligned columns for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def dollars(amount: object, currency: str = "$") -> str:
    """Whole dollars with thousands marks: a table is for reading, the cents are in the figure."""
    if amount is None:
        return "-"
    value = Decimal(str(amount))
    return f"{'-' if value < 0 else ''}{currency}{abs(value):,.0f}"


def percent(ratio: object) -> str:
    return "-" if ratio is None else f"{Decimal(str(ratio)) * 100:.1f} %"


def table(headings: Iterable[str], rows: Iterable[Iterable[object]], *, right: frozenset[int] = frozenset()) -> str:
    """Aligned columns; `right` holds the columns with numbers."""
    grid = [[str(each) for each in headings], *([str(each) for each in row] for row in rows)]
    widths = [max(len(row[column]) for row in grid) for column in range(len(grid[0]))]

    def line(row: list[str]) -> str:
        cells = (
            text.rjust(width) if i in right else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([line(grid[0]), line(["-" * width for width in widths]), *map(line, grid[1:])])
