"""No sentence that the results do not bear out is printed, and none that they do is held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from datablueprint.agent import loop
from datablueprint.agent.draft import Draft, Piece
from datablueprint.agent.grounding import check, check_words
from datablueprint.agent.grounding.evidence import Evidence
from datablueprint.agent.narration import narrate
from datablueprint.agent.query import Query, Threshold
from datablueprint.agent.results import ResultSet
from datablueprint.agent.text import Count, Day, Name, Ref, Segment, render
from datablueprint.agent.tools import TOOLS, Bench
from datablueprint.agent.turn import Surroundings
from datablueprint.desk import Desk
from datablueprint.errors import DataBlueprintError
from datablueprint.metrics import BY_NAME
from tests.agent.adversary import Scripted
from tests.agent.drafts import PROSE, Kit, kit
from tests.agent.mutations import MUTATIONS
from tests.agent.test_loop import Ticking

MARGIN = "gross_margin_at_completion"
SEED, DRAFTS = 20261119, 1000


@pytest.fixture(scope="session")
def made(desk: Desk) -> Kit:
    return kit(Bench(desk))


def codes(text: str, made: Kit) -> set[str]:
    return {wrong.code for wrong in check(made.draft(text), made.evidence)}


# -- nothing true is held back -----------------------------------------------------------------------


@pytest.mark.parametrize("text", PROSE)
def test_true_prose_passes(text: str, made: Kit):
    assert check(made.draft(text), made.evidence) == []


def told_by_us(result: ResultSet, said: Sequence[Segment], today: date) -> tuple[Draft, Evidence]:
    """Our own telling as if a model had handed it in; names that no row has are taken on trust."""
    pieces, trusted = [], []
    for segment in said:
        if isinstance(segment, Ref):
            pieces.append(Piece(figure=segment.figure_id))
        elif isinstance(segment, Day):
            pieces.append(Piece(day=segment.day))
        elif isinstance(segment, Count):
            pieces.append(Piece(count=result.result_id))
        elif isinstance(segment, Name):
            trusted += [] if segment.text.startswith("the ") else [segment.text]
            pieces += [Piece(text=segment.text)] if segment.text else []
        elif segment:
            pieces.append(Piece(text=segment))
    draft = Draft(result_ids=(result.result_id,), headline=result.headline, segments=tuple(pieces))
    return draft, Evidence((result,), today, trusted=trusted)


def every_kind_of_query(desk: Desk) -> Iterator[Query]:
    active = [p.key for p in desk.measures.projects.values() if p.state == "active"]
    since = desk.as_of.replace(day=1) - timedelta(days=1)
    for metric in BY_NAME:
        yield from (Query(metric=metric, scope=scope) for scope in (active[0], "portfolio", "company"))
        yield Query(kind="list", metric=metric)
        yield from (Query(kind="rank", metric=metric, order=order, limit=3) for order in ("lowest", "highest"))
        yield Query(kind="rank", metric=metric, scope=active[0], order="highest", limit=3)
        yield Query(kind="compare", metric=metric, scope=active[1], since=since)
        yield Query(kind="compare", metric=metric, scopes=tuple(active[:2]))
        yield Query(kind="what_if", metric=metric, scope=active[1], scenario=("approve all",))
    yield from (Query(kind="scorecard"), Query(kind="wip"), Query(kind="health"))
    yield Query(kind="list", metric=MARGIN, by="project", threshold=Threshold(op="<", value=Decimal("0.05")))


def test_our_own_telling_of_every_metric_and_kind_passes(desk: Desk):
    bench, held, blocked, passed = Bench(desk), Counter[str](), list[str](), 0
    for query in every_kind_of_query(desk):
        try:
            result = bench.execute(query)
        except DataBlueprintError:
            continue  # not made for that scope or kind
        said = narrate([result], bench.names)
        if not any(isinstance(segment, Ref | Count) for segment in said):
            continue  # unavailable: nothing is stated
        wrong = check(*told_by_us(result, said, desk.as_of))
        passed += not wrong
        held.update(problem.code for problem in wrong[:1])
        blocked += [f"{query.kind} {query.metric} {query.scope}: {wrong[0]}"] if wrong else []

    assert passed > 800
    assert blocked == [], held


# -- nothing false is shown --------------------------------------------------------------------------


class Kept:
    """A toolbox whose results were found before; a model can only hand in."""

    def __init__(self, made: Kit) -> None:
        self.results = {result.result_id: result for result in made.results.values()}
        self.tools = TOOLS

    def run(self, name: str, given: object) -> ResultSet:
        raise AssertionError(f"{name} was called")


def mutated(made: Kit) -> Iterator[tuple[str, Draft]]:
    """Seeded: each kind of lie in turn, on drafts at random."""
    random, number = Random(SEED), 0
    while number < DRAFTS:
        mutation = MUTATIONS[number % len(MUTATIONS)]
        draft = next(d for d in iter(lambda m=mutation: m(random.choice(PROSE), made, random), 0) if d is not None)
        number += 1
        yield mutation.__name__, draft


def test_of_a_thousand_mutated_drafts_none_is_shown(made: Kit):
    around = Surroundings(made.today, made.known, Ticking(), lambda *_: None)
    ours = render(narrate(list(made.results.values())), str)
    shown: list[str] = []
    for kind, draft in mutated(made):
        lie = {"output": {"message": {"content": [{"toolUse": {
            "toolUseId": "1", "name": "submit_answer", "input": draft.model_dump(mode="json", exclude_none=True),
        }}]}}, "stopReason": "tool_use"}  # fmt: skip

        ended = loop.converse("q", (), Kept(made), Scripted((lie,)), around)

        final = render(ended.segments or narrate(ended.results), str)
        if ended.summary != "withheld" or final != ours:
            shown.append(f"{kind}: {final}")

    assert shown == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The margin of [P] is 5.4 or <P.margin>.", "digit"),
        ("The margin of [P] is five: <P.margin>.", "number_word"),
        ("[P] makes $<P.margin>.", "currency"),
        ("[P] makes <P.margin>" + chr(0x202E) + ".", "invisible"),
        ("[P] makes <P.margin>, see www.x.example.", "link"),
        ("[P] makes <P.margin> <b>now</b>.", "link"),
        ("The portfolio makes <P.margin>.", "wrong_entity"),
        ("The profit of [P] is <P.margin>.", "wrong_metric"),
        ("Net margin of [P] is <P.margin>.", "wrong_metric"),
        ("The margin of [P] is <P.margin> hours.", "wrong_unit"),
        ("The margin of [P] is <P.start>.", "wrong_day"),
        ("The margin of [P] is <P.supposed_margin>.", "hypothetical"),
        ("The margin of [P] is <P.margin> (grade U).", "wrong_grade"),
        ("The margin of [P] |fell:rose|P.change| by <P.change>.", "wrong_direction"),
        ("[R2] has the lowest margin, <rank2>.", "wrong_rank"),
        ("[R2]'s margin of <rank2> is lower than [R1]'s margin of <rank1>.", "wrong_comparison"),
        ("The margin of [P] is about <P.margin>.", "hedge"),
        ("The margin of [P] is -<P.margin>.", "wrong_sign"),
        ("The margin of [P] is <P.margin> because of rain.", "cause"),
        ("All is well with [P].", "no_figure"),
        ("The margin of Zephyr Hall is <P.margin>.", "unknown_name"),
        ("In total<P.profit><P.contract>", "glued"),
    ],
)
def test_each_fault_has_a_name_that_a_model_can_act_on(text: str, code: str, made: Kit):
    found = check(made.draft(text), made.evidence)

    assert code in {wrong.code for wrong in found}
    assert all(wrong.fix for wrong in found)


def test_a_day_and_a_name_of_the_evidence_may_be_written_out(made: Kit):
    name = made.evidence.said_of[made.scopes["P"]]
    day = made.today

    assert codes(f"As of {day} {name} makes <P.margin>.", made) == set()
    assert codes(f"As of {day:%B} {day.day}, {day.year} {name} makes <P.margin>.", made) == set()
    assert "digit" in codes(f"As of {day + timedelta(days=9)} {name} makes <P.margin>.", made)


def test_part_of_a_name_stands_for_whoever_bears_it(made: Kit):
    mine, other = (made.evidence.said_of[made.scopes[key]].split()[0] for key in ("P", "Q"))

    assert codes(f"{mine} makes <P.margin>.", made) == set()
    assert codes(f"{other} makes <P.margin>.", made) == {"wrong_entity"}


def test_words_that_no_figure_stands_in_are_held_to_the_same_rules(made: Kit):
    assert check_words("the schedule is not read", made.evidence) == []
    assert check_words("it was about ten percent", made.evidence)


@pytest.mark.parametrize("said", ["that is one of the jobs", "grade and method", "the last quarter", "at first sight"])
def test_idioms_are_no_numbers(said: str, made: Kit):
    assert check_words(said, made.evidence) == []
