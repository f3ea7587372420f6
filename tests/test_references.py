"""A figure on screen is opened and proved by its name alone, be it a fact, a supposition or a change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint import references
from datablueprint.desk import Desk
from datablueprint.errors import UnknownFigure
from datablueprint.metrics import BY_NAME, Project
from datablueprint.metrics.whatif import SHOWN
from datablueprint.references import Point, Reference, parse
from tests.agent.conftest import contractor, desk  # noqa: F401  the contractor of tests/agent

MARGIN, PROFIT, DAY = "gross_margin_at_completion", "gross_profit_at_completion", date(2026, 11, 19)
EARLIER = date(2026, 10, 31)
pytestmark = pytest.mark.xdist_group("contractor")


@pytest.fixture
def project(desk: Desk) -> Project:  # noqa: F811
    """An active one with change orders to decide."""
    active = [p for p in desk.measures.projects.values() if p.state == "active"]
    return next(p for p in active if (desk.measures.project_figure("pending_change_orders", p).value or 0) > 0)


# -- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{MARGIN}/24-017/2026-11-19", "plain"),
        (f"{MARGIN}/24-017/2026-11-19@20261120T190004Z-e091b8", "plain"),
        ("actual_cost/portfolio/03-300/2026-11-19", "plain"),
        ("actual_cost/customer/Smith & Sons, 2026/27/2026-11-19", "plain"),
        (f"{MARGIN}/24-017/2026-11-19~approve all~burden +2", "supposed"),
        (f"{MARGIN}/24-017/2026-10-31..2026-11-19", "change"),
        (f"{MARGIN}/24-017/2026-10-31@20261101T000000Z-aaaaaa..2026-11-19@20261120T190004Z-e091b8", "change"),
        (f"{MARGIN}/24-017/2026-11-19..2026-11-19~approve PCO-003 at cost 12000", "change"),
    ],
)
def test_a_reference_reads_as_it_is_written(text: str, kind: str):
    read = parse(text)

    assert read.text == text
    assert read.kind == kind


@given(
    metric=st.sampled_from(sorted(BY_NAME)),
    scope=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 .&/-]{0,20}[A-Za-z0-9]", fullmatch=True),
    day=st.dates(),
    since=st.one_of(st.none(), st.dates()),
    supposed=st.lists(
        st.sampled_from(["approve all", "burden +2", "crews 10% slower", "release contingency"]), max_size=2
    ),
)
def test_every_reference_that_is_spelled_is_read_back(
    metric: str, scope: str, day: date, since: date | None, supposed: list[str]
):
    first = Point(min(since, day)) if since else None
    ref = Reference(metric, scope, Point(day), first, tuple(supposed))

    assert parse(ref.text) == ref


def test_assumptions_are_read_into_their_canonical_spelling():
    assert parse(f"{MARGIN}/1/2026-11-19~BURDEN  +2 points").text == f"{MARGIN}/1/2026-11-19~burden +2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no figure id"),
        ("the margin of 24-017", "is no figure id"),
        ("made_up/24-017/2026-11-19", "is no figure id"),
        (f"{MARGIN}/24-017", "is no figure id"),
        (f"{MARGIN}//2026-11-19", "is no figure id"),
        (f"{MARGIN}/24-017/2026-11-19~", "is no figure id"),
        (f"{MARGIN}/24-017/2026-11-19 or so", "is no figure id"),
        (f"{MARGIN}/24-017/2026-02-30", "2026-02-30 is no day"),
        (f"{MARGIN}/24-017/2026-11-19..2026-10-31", "say 2026-10-31..2026-11-19"),
        (f"{MARGIN}/24-017/2026-11-19~make it good", "I do not understand 'make it good'"),
    ],
)
def test_any_other_text_is_refused_with_what_one_reads_like(text: str, said: str):
    with pytest.raises(UnknownFigure) as refused:
        parse(text)

    print(refused.value)
    assert said in str(refused.value)


# -- values ------------------------------------------------------------------------------------------


def test_a_plain_reference_is_the_figure(desk: Desk, project: Project):  # noqa: F811
    ref = f"{MARGIN}/{project.key}/{desk.as_of}"

    told = references.cell(desk, ref)

    assert told["value"] == desk.figure(ref).value
    assert (told["ref"], told["unit"], told["withheld"]) == (ref, "ratio", "")


def test_a_pinned_reference_opens_in_its_snapshot(desk: Desk, project: Project):  # noqa: F811
    ref = f"{MARGIN}/{project.key}/{desk.as_of}@{desk.snapshot}"

    assert references.verification(desk, ref)["ties"]
    assert references.opened(desk, ref)["snapshot"] == desk.snapshot


@pytest.mark.parametrize("metric", SHOWN)
def test_what_a_supposition_changes_is_supposed_less_today(desk: Desk, project: Project, metric: str):  # noqa: F811
    day = desk.as_of
    today, supposed, change = (
        references.cell(desk, f"{metric}/{project.key}/{when}")
        for when in (str(day), f"{day}~approve all", f"{day}..{day}~approve all")
    )

    assert today["value"] + change["value"] == supposed["value"]
    assert "HYPOTHETICAL: approve all" in supposed["label"]
    assert not any(told["withheld"] for told in (today, supposed, change))


@pytest.mark.parametrize("metric", [MARGIN, PROFIT, "actual_cost", "labor_hours"])
def test_a_change_is_the_later_less_the_earlier_and_ties(desk: Desk, project: Project, metric: str):  # noqa: F811
    ref = f"{metric}/{project.key}/{EARLIER}..{desk.as_of}"
    ends = [desk.figure(f"{metric}/{project.key}/{day}").value for day in (EARLIER, desk.as_of)]

    opened, verified = references.opened(desk, ref), references.verification(desk, ref)

    assert Decimal(opened["value"]) == ends[1] - ends[0]  # type: ignore[operator]
    assert (opened["from"]["value"], opened["to"]["value"]) == (str(ends[0]), str(ends[1]))
    assert verified["ties"]
    assert Decimal(verified["readded"]) == Decimal(opened["value"])


def test_the_change_of_a_ratio_is_in_points_with_its_sign(desk: Desk):  # noqa: F811
    told = references.cell(desk, f"{MARGIN}/portfolio/{EARLIER}..{desk.as_of}")

    assert told["unit"] == "points"
    assert told["shown"] == f"{round(told['value'] * 100, 1):+} points"


def test_a_change_of_profit_opens_into_the_parts_that_sum_to_it(desk: Desk, project: Project):  # noqa: F811
    opened = references.opened(desk, f"{PROFIT}/{project.key}/{EARLIER}..{desk.as_of}")

    assert sum(Decimal(part["value"]) for part in opened["parts"]) == Decimal(opened["value"])


def test_the_records_of_a_change_of_cost_sum_to_it(desk: Desk, project: Project):  # noqa: F811
    ref = f"actual_cost/{project.key}/{EARLIER}..{desk.as_of}"

    cited = references.citations(desk, ref)

    assert sum(Decimal(row["amount"]) for row in cited) == references.cell(desk, ref)["value"]


def test_each_term_is_shown_in_its_own_unit(desk: Desk, project: Project):  # noqa: F811
    terms = references.opened(desk, f"labor_rate/{project.key}/{desk.as_of}")["terms"]

    assert [(term["unit"], term["shown"][:1] == "$") for term in terms] == [("money", True), ("hours", False)]


def test_a_metric_that_cannot_be_supposed_says_which_can(desk: Desk, project: Project):  # noqa: F811
    with pytest.raises(UnknownFigure, match=r"actual_cost cannot be supposed; these can: contract_value"):
        references.cell(desk, f"actual_cost/{project.key}/{desk.as_of}~approve all")


def test_a_change_from_before_the_job_existed_is_missing_not_zero(desk: Desk, project: Project):  # noqa: F811
    told = references.cell(desk, f"labor_rate/{project.key}/2020-01-01..{desk.as_of}")

    assert told["value"] is None
    assert any("on 2020-01-01" in term for term in told["missing"])
