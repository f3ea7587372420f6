"""The picture of a bridge sums to the cent, and tells gains from losses without colour."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.errors import FigureUnverified
from datablueprint.exports import bridge_picture
from datablueprint.exports.picture import TOP, Scale, Step, brief, money, steps

SVG = "{http://www.w3.org/2000/svg}"
CENTS = st.decimals("-1e9", "1e9", places=2)


def bridge(start: D, *amounts: D, name: str = "Gypsum Medical") -> dict[str, Any]:
    """A bridge as `statements.profit_bridge` gives it."""
    end = start + sum(amounts, D(0))
    parts = [
        {"cause": "performance", "label": f"03-{n:03} L", "value": str(amount), "method": "", "changes": []}
        for n, amount in enumerate(amounts)
    ]
    points = {
        key: {"point": f"{day} as known on 2026-11-19", "snapshot": "s", "value": str(value)}
        for key, day, value in (("from", "2026-09-30", start), ("to", "2026-11-19", end))
    }
    return {"project": "26-003", "name": name, **points, "parts": parts, "difference": {}, "late": []}


def drawn(result: dict[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(bridge_picture(result))


def shown(picture: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


def amount(said: str) -> D:
    return D(said.replace("−", "-").replace("+", "").replace("$", "").replace(",", ""))


@given(CENTS, st.lists(CENTS, max_size=30))
def test_the_parts_shown_sum_to_the_difference_to_the_cent(start: D, amounts: list[D]) -> None:
    result = bridge(start, *amounts)
    groups = list(drawn(result).iter(f"{SVG}g"))
    told = [amount((group.findall(f"{SVG}text")[-1]).text or "") for group in groups]

    assert told[0] == start
    assert sum(told[1:-1], D(0)) == told[-1] - told[0]
    assert len(told) <= 11


@given(CENTS, st.lists(CENTS, max_size=30))
def test_every_bar_stays_within_the_picture(start: D, amounts: list[D]) -> None:
    picture = drawn(bridge(start, *amounts))
    height = float(picture.attrib["viewBox"].split()[3])

    for bar in (bar for group in picture.iter(f"{SVG}g") for bar in group.iter(f"{SVG}rect")):
        left, width, top = float(bar.attrib["x"]), float(bar.attrib["width"]), float(bar.attrib["y"])
        assert left >= 13.9
        assert left + width <= 387.1
        assert TOP <= top < height


def test_small_parts_are_told_together() -> None:
    rows = steps(bridge(D(0), D(1000), D("-0.50"), D("0.25"), D("-800")))

    assert [row.name for row in rows[1:-1]] == [
        "performance: 03-000 L",
        "performance: 03-003 L",
        "other (2 smaller parts)",
    ]
    assert rows[-2].amount == D("-0.25")


def test_a_single_small_part_keeps_its_name_and_parts_of_nothing_are_not_drawn() -> None:
    rows = steps(bridge(D(0), D(1000), D(0), D(1)))

    assert [row.name for row in rows[1:-1]] == ["performance: 03-000 L", "performance: 03-002 L"]


def test_losses_are_hatched_and_signed_and_gains_are_plain_and_signed() -> None:
    gain, loss = list(drawn(bridge(D(0), D(1000), D(-700))).iter(f"{SVG}g"))[1:3]

    assert gain.find(f"{SVG}rect").attrib["fill"].startswith("#")  # type: ignore[union-attr]
    assert loss.find(f"{SVG}rect").attrib["fill"].startswith("url(#")  # type: ignore[union-attr]
    assert [group.findall(f"{SVG}text")[-1].text for group in (gain, loss)] == ["+$1,000.00", "−$700.00"]


def test_a_reader_that_sees_nothing_is_told_title_ends_and_parts() -> None:
    picture = drawn(bridge(D("100.10"), D("-50.05")))

    assert picture.attrib["role"] == "img"
    assert picture.find(f"{SVG}title").text == "Margin bridge of 26-003 Gypsum Medical"  # type: ignore[union-attr]
    assert picture.find(f"{SVG}desc").text == (  # type: ignore[union-attr]
        "Gross profit at completion moved by −$50.05, from $100.10 (2026-09-30 as known on 2026-11-19) "
        "to $50.05 (2026-11-19 as known on 2026-11-19). Parts: performance: 03-000 L −$50.05."
    )


def test_names_from_the_records_are_text_and_long_ones_are_cut() -> None:
    name = '<script>alert(1)</script> & "Sons" \x00' + "x" * 60
    picture = drawn(bridge(D(1), D(1), name=name))

    assert not list(picture.iter(f"{SVG}script"))
    assert name.replace("\x00", "") in picture.find(f"{SVG}title").text  # type: ignore[union-attr,operator]
    assert all(len(text) <= 60 for text in shown(picture))


def test_the_axis_is_labelled_with_round_amounts_and_has_zero_on_it() -> None:
    texts = shown(drawn(bridge(D("-93344.41"), D("-26540.14"))))

    assert {"−$150k", "−$100k", "−$50k", "$0"} <= set(texts)
    assert any("dollars of gross profit" in text for text in texts)


def test_a_bridge_whose_parts_do_not_sum_is_not_drawn() -> None:
    wrong = bridge(D(0), D(10))
    wrong["parts"][0]["value"] = "9.99"

    with pytest.raises(FigureUnverified, match="the bridge of 26-003 do not sum"):
        bridge_picture(wrong)


def test_nothing_that_moved_is_a_picture_too() -> None:
    assert "nothing moved" in bridge_picture(bridge(D(0)))
    assert Scale.of([Step("", D(0), D(0))]).high > 0


def test_amounts_are_brief_on_the_axis_and_whole_beside_the_bars() -> None:
    assert [brief(D(n)) for n in ("0", "-1500000", "200000", "250", "0.5")] == ["$0", "−$1.5M", "$200k", "$250", "$0.5"]
    assert [money(D("-0.05")), money(D(5), signed=True), money(D(0), signed=True)] == ["−$0.05", "+$5.00", "$0.00"]
