"""What a register says twice, takes back in part or puts on an unknown job is said, with its records and dollars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from datablueprint.ledger.book import Fact, Finding, Leaf, Row, cite
from datablueprint.ledger.labor.register import Stub, total

Pair = tuple[Stub, Stub]
"""A stub, and the one of another provider that it repeats."""


def copy_facts(pairs: Iterable[Pair]) -> Iterator[Fact]:
    """Held: a person whom two providers pay the same for the same days was most likely paid once."""
    for stub, twin in pairs:
        yield Fact(
            measure="cost",
            rule="D6",
            reason=f"{twin.run['provider']} has the same pay of the same person and period",
            state="held",
            leaf=Leaf(None, None, "L"),
            amount=stub.cost,
            on=stub.run["period_end"],
            party=stub.employee,
            evidence=tuple(cite(row) for row in (*stub.wages, *stub.burden)),
        )


def copy_findings(pairs: Iterable[Pair]) -> Iterator[Finding]:
    """One per pair of pay runs."""
    by_runs: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_runs[pair[0].run["record_id"], pair[1].run["record_id"]].append(pair)
    for (copy, kept), found in sorted(by_runs.items()):
        amount = sum((stub.cost for stub, _ in found), Decimal(0))
        yield Finding(
            kind="pay run of two providers",
            sentence=(
                f"payroll: {copy} pays {len(found)} employee(s) what {kept} pays them for the same period; "
                f"{amount:,.2f} of it is held and not counted"
            ),
            way_out="Drop the pay run from one of the two payroll connections, or correct the one that is wrong",
            records=(copy, kept),
            amount=amount,
            grade="C",
        )


def correction_findings(stubs: Iterable[Stub]) -> Iterator[Finding]:
    """Hours that a correction takes back without saying of which job."""
    for stub in stubs:
        if stub.stated_hours < 0 and not stub.states_hours and not stub.reverses:
            first, last = stub.run["period_start"], stub.run["period_end"]
            yield Finding(
                kind="hours of a correction",
                sentence=(
                    f"payroll: {stub.run['record_id']} takes back {stub.stated_hours} hours of {first} to {last} and "
                    "no whole stub; its dollars count, and hours stay as they were"
                ),
                way_out="Correct the timecards of these days as well",
                records=tuple(dict.fromkeys(w["record_id"] for w in stub.wages)),
            )


def unknown_job_findings(lines: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Pay lines by the reference that no project has."""
    for reference, rows in sorted(lines.items()):
        yield Finding(
            kind="pay line of an unknown job",
            sentence=(
                f"payroll: {total(rows):,.2f} of wages name the job '{reference}', which no project has as its number; "
                "they are labor on no job"
            ),
            way_out="Correct the job in the payroll system, or give the project this number in Procore",
            records=tuple(dict.fromkeys(row["record_id"] for row in rows)),
            amount=total(rows),
        )
