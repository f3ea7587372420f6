"""A company that nobody here invented: recorded answers of a real QuickBooks sandbox, landed whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from datablueprint import agent
from datablueprint.lake.raw import RawLog
from datablueprint.ledger.cash import VIEWS
from datablueprint.settings import Settings, SourceSettings
from datablueprint.sources import auth
from local.home import Home
from local.sandbox.sandbox import RECORDED_REALM, Sandbox, recorded_company
from local.sandbox.servers.limits import Limits
from tests.golden.conftest import Company, HurriedClock

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "quickbooks_online_recorded"
TODAY = date(2026, 5, 6)

pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded QuickBooks company is not beside this checkout (../shared/fixtures)"
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A tenant with QuickBooks alone, whose realm serves the recorded company."""
    home = Home.at(tmp_path_factory.mktemp("recorded"))
    clock = HurriedClock(datetime(2026, 5, 6, 19, tzinfo=UTC))
    sandbox = Sandbox(
        procore={},
        quickbooks={RECORDED_REALM: recorded_company(RECORDED)},
        gusto={},
        files={},
        today=TODAY,
        limits=Limits.relaxed(),
        clock=clock.now,
    )
    with sandbox:
        given = sandbox.credentials["quickbooks"]
        home.secrets.put("quickbooks", {"client_id": given["client_id"], "client_secret": given["client_secret"]})
        urls = sandbox.urls
        source = SourceSettings(
            base_url=urls["quickbooks"],
            login_url=urls["quickbooks_token"],
            account=RECORDED_REALM,
            secret="quickbooks",
        )
        settings = Settings(tenant="recorded", sources={"quickbooks_online": source})
        home.save_settings(settings)
        made = Company(home, sandbox, settings, clock, {})
        auth.connect("quickbooks_online", made.ports(), refresh_token=given["refresh_token"])
        made.refresh()
        yield made


def recorded_counts() -> dict[str, int]:
    return {path.stem: len(json.loads(path.read_text())) for path in sorted(RECORDED.glob("*.json"))}


def test_entity_counts_equal_those_of_the_recording(recorded: Company):
    log = RawLog(recorded.ports().files, "quickbooks_online")

    landed = {entity: len(log.identities(entity)) for entity in recorded_counts()}

    assert landed == recorded_counts()


def test_every_line_is_in_the_ledger_or_excluded_by_a_rule(recorded: Company):
    desk = recorded.desk()
    lines = desk.table("accounting_lines")
    facts = desk.table("facts")
    transactions = {
        f"quickbooks:{path.stem}:{r['Id']}"
        for path in RECORDED.glob("*.json")
        for r in json.loads(path.read_text())
        if "Line" in r
    }

    assert {line["record_id"] for line in lines} >= transactions
    accounting = [f for f in facts if f["measure"] not in VIEWS]
    assert len({f["pool"] or f["fact_id"] for f in accounting}) == len(lines)
    assert all(f["rule"] and f["reason"] for f in accounting)


def test_the_trial_balance_of_its_lines_ties_where_the_recording_is_complete(recorded: Company):
    from datablueprint.ledger import trial_balance

    desk = recorded.desk()
    names = ("accounting_lines", "accounts")
    read = {name: desk.table(name) for name in names}
    balances = {a["record_id"]: a for a in read["accounts"]}

    sums = trial_balance(read["accounting_lines"])

    for record, amount in sorted(sums.items()):
        print(f"{balances[record]['full_name']:<45}{amount:>14,.2f}{balances[record]['balance'] or 0:>14,.2f}")
    by_name = {balances[record]["name"]: amount for record, amount in sums.items()}
    assert by_name["Accounts Receivable (A/R)"] == Decimal("4681.52")
    assert by_name["Mastercard"] == Decimal("-157.72")
    assert by_name["Savings"] == Decimal("800.00")
    assert by_name["Loan Payable"] == Decimal("-4000.00")
    assert by_name["Notes Payable"] == Decimal("-25000.00")
    lines = [a for a in read["accounting_lines"] if a["posting"] and not a["presentation"] and a["amount"] is not None]
    assert sum((a["amount"] for a in lines), Decimal(0)) == Decimal("75.00")  # the delayed charge of invoice 42


def test_without_procore_a_margin_is_unavailable_and_says_which_system_lacks_it(recorded: Company):
    answer = agent.ask("What is the margin of the portfolio?", recorded.desk())

    assert answer["status"] == "refused"
    assert "unavailable" in answer["text"] or "can't answer" in answer["text"]


def test_a_second_refresh_of_it_lands_nothing(recorded: Company):
    output = recorded.refresh()

    assert output["unchanged"] is True
