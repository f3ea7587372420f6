"""What is let in, and what is left of what is not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.hooks import SOURCES, secret_name
from datablueprint.hooks.gatekeeping import MOST_COUNTED
from datablueprint.hooks.signatures import LONGEST_BODY, Delivery, genuine
from tests.fakes import MemoryFiles, MemorySecrets, MemoryState
from tests.hooks.kit import HEADERS, KEYS, House, body_of, call, keys, sign

EVERY = pytest.mark.parametrize("source", SOURCES)


def stored(house: House) -> list[str]:
    assert isinstance(house.files, MemoryFiles)
    return sorted(house.files.content)


def refused(house: House, source: str) -> dict[str, int]:
    assert isinstance(house.state, MemoryState)
    item = house.state.get(f"hook/refused/{source}")
    return item.value["reasons"] if item else {}


@EVERY
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("encoded", [False, True])
def test_a_genuine_delivery_is_kept_as_it_came_and_handed_on(source: str, legacy: bool, encoded: bool) -> None:
    house, body = House(), body_of(source, "e-1", legacy=legacy)

    answer = house.reception.receive(call(source, body, encoded=encoded))

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"status": "accepted"})
    (key,) = stored(house)
    assert key.startswith(f"hooks/source={source}/day=2026-11-20/")
    assert house.files.read(key) == body
    (message,) = house.events.receive()
    assert json.loads(message["body"])["source"] == source


def forgeries(source: str) -> dict[str, dict[str, Any]]:
    body = body_of(source, "e-1")
    other = next(each for each in SOURCES if each != source)
    altered = call(source, body)
    altered["body"] = altered["body"].replace("e-1", "e-2")
    signed = sign(source, body, KEYS[source])
    return {
        "another key": call(source, body, key="guess"),
        "an empty key": call(source, body, key=""),
        "no header": call(source, body, {}),
        "an empty header": call(source, body, {HEADERS[source]: ""}),
        "another source's signature": call(source, body, {HEADERS[source]: sign(other, body, KEYS[other])}),
        "another source's header": call(source, body, {HEADERS[other]: signed}),
        "a cut signature": call(source, body, {HEADERS[source]: signed[:-1]}),
        "a header that is no ascii": call(source, body, {HEADERS[source]: "é" * 44}),
        **({} if source == "procore" else {"another body": altered}),
    }


@EVERY
def test_a_forgery_is_refused_counted_and_not_kept(source: str) -> None:
    house = House()
    forged = forgeries(source)

    answers = {name: house.reception.receive(each) for name, each in forged.items()}

    assert {name: each["statusCode"] for name, each in answers.items()} == dict.fromkeys(forged, 401)
    assert refused(house, source) == {"forged": len(forged)}
    assert stored(house) == []
    assert len(house.events) == 0
    assert {"title", "detail", "fix"} <= set(json.loads(answers["no header"]["body"]))


@EVERY
@pytest.mark.parametrize("account", ["", "somebody-else", None])
def test_a_genuine_delivery_for_another_account_is_ignored_without_holding_up_the_vendor(
    source: str, account: str | None
) -> None:
    house = House()
    body = body_of(source, "e-1", "other" if account is None else account)

    answer = house.reception.receive(call(source, body))

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"status": "ignored"})
    assert refused(house, source) == {"foreign": 1}
    assert stored(house) == []
    assert len(house.events) == 0


def test_of_a_delivery_for_several_realms_only_our_own_counts() -> None:
    house = House()
    other, own = (json.loads(body_of("quickbooks_online", "e", each)) for each in ("777", None))

    one = house.reception.receive(call("quickbooks_online", json.dumps(other + own).encode()))
    two = house.reception.receive(call("quickbooks_online", json.dumps(other + other).encode()))

    assert [json.loads(each["body"])["status"] for each in (one, two)] == ["accepted", "ignored"]


@EVERY
@pytest.mark.parametrize("body", [b"", b"no json", b"[" * 5000, b"null", b"7", b"[7]", b'{"eventNotifications": 7}'])
def test_a_signed_body_that_cannot_be_read_is_ignored(source: str, body: bytes) -> None:
    house = House()

    answer = house.reception.receive(call(source, body))

    assert json.loads(answer["body"]) == {"status": "ignored"}
    assert stored(house) == []


@EVERY
def test_header_names_may_be_spelled_in_any_case_and_with_underscores(source: str) -> None:
    house, body = House(), body_of(source, "e-1")
    name = HEADERS[source].upper().replace("-", "_")

    answer = house.reception.receive(call(source, body, {name: sign(source, body, KEYS[source])}))

    assert answer["statusCode"] == 200


@EVERY
def test_during_a_rotation_the_previous_key_is_still_good(source: str) -> None:
    house = House()
    house.secrets = MemorySecrets({secret_name("acme", source): {"key": "new", "previous": KEYS[source]}})
    house.wire(house.files, house.state, house.events, house.due, house.refreshes)

    by_old = house.post(source, "e-1")
    by_new = house.post(source, "e-2", key="new")

    assert [by_old["status"], by_new["status"]] == ["accepted", "accepted"]


def test_a_new_key_is_known_within_a_minute() -> None:
    house = House()
    house.post("gusto", "e-1")
    assert isinstance(house.secrets, MemorySecrets)
    house.secrets.secrets = keys({**KEYS, "gusto": "changed"}).secrets

    house.clock.move(seconds=61)

    assert house.post("gusto", "e-2", key="changed")["statusCode"] == 200
    assert house.post("gusto", "e-3")["statusCode"] == 401


def test_without_a_key_the_vendor_is_asked_to_come_again() -> None:
    house = House()
    house.secrets = MemorySecrets({})
    house.wire(house.files, house.state, house.events, house.due, house.refreshes)

    assert house.post("gusto", "e-1")["statusCode"] == 503
    assert stored(house) == []


@pytest.mark.parametrize("source", ["payroll_file", "finch", "", "../gusto"])
def test_only_systems_that_call_have_a_hook(source: str) -> None:
    event = {**call("gusto", b"{}"), "pathParameters": {"source": source}}

    assert House().reception.receive(event)["statusCode"] == 404


def test_a_body_beyond_the_bound_is_refused_before_it_is_checked() -> None:
    house = House()
    large = b" " * (LONGEST_BODY + 1)

    codes = [house.reception.receive(call("gusto", large, encoded=each))["statusCode"] for each in (False, True)]

    assert codes == [413, 413]


def test_a_body_that_is_not_the_base64_it_claims_is_refused() -> None:
    event = {**call("gusto", b"{}"), "body": "no base64!", "isBase64Encoded": True}

    assert House().reception.receive(event)["statusCode"] == 400


def test_what_cannot_be_kept_is_raised_so_that_the_vendor_comes_again() -> None:
    house = House()

    class Full(MemoryFiles):
        def write(self, key: str, content: bytes) -> None:
            raise OSError("full")

    house.wire(Full(), house.state, house.events, house.due, house.refreshes)

    with pytest.raises(OSError, match="full"):
        house.post("gusto", "e-1")
    assert len(house.events) == 0


def test_the_count_of_refusals_has_an_end_and_begins_again_the_next_day() -> None:
    house = House()
    for _ in range(MOST_COUNTED + 5):
        house.reception.receive(call("gusto", b"{}", key="guess"))
    assert refused(house, "gusto") == {"forged": MOST_COUNTED}

    house.clock.move(days=1)
    house.reception.receive(call("gusto", b"{}", key="guess"))

    assert refused(house, "gusto") == {"forged": 1}


def test_gusto_s_handshake_is_heard_only_while_somebody_expects_it() -> None:
    house = House()
    handshake = call("gusto", b'{"verification_token": "fresh"}', {})
    early = house.reception.receive(handshake)
    house.starter.handle({"operation": "expect_handshake", "minutes": 10})

    heard = house.reception.receive(handshake)
    told = house.starter.handle({"operation": "handshake"})
    late = house.reception.receive(handshake)

    assert [each["statusCode"] for each in (early, heard, late)] == [401, 200, 401]
    assert told == {"candidates": ["fresh"]}
    assert stored(house) == []


def test_a_handshake_changes_no_key_and_cannot_be_flooded() -> None:
    house = House()
    house.starter.handle({"operation": "expect_handshake"})
    tokens = [call("gusto", json.dumps({"verification_token": f"t{n}"}).encode(), {}) for n in range(9)]

    codes = [house.reception.receive(each)["statusCode"] for each in tokens]
    by_candidate = house.post("gusto", "e-1", key="t0")

    assert codes == [200] * 5 + [401] * 4
    assert by_candidate["statusCode"] == 401


@EVERY
@given(data=st.data())
def test_no_change_of_a_signed_body_or_its_signature_is_genuine(source: str, data: st.DataObject) -> None:
    body = data.draw(st.binary(max_size=200))
    key = data.draw(st.text(min_size=1, max_size=20))
    header = {"x-gusto-signature", "intuit-signature", "authorization"}
    signed = dict.fromkeys(header, sign(source, body, key))
    other_body = data.draw(st.binary(max_size=200).filter(lambda each: each != body))
    other_key = data.draw(st.text(max_size=20).filter(lambda each: each.encode() != key.encode()))

    assert genuine(Delivery(source, body, signed), ["", key])
    assert not genuine(Delivery(source, body, signed), [other_key])
    assert not genuine(Delivery(source, body, {}), [key])
    if source != "procore":
        assert not genuine(Delivery(source, other_body, signed), [key])


@given(body=st.binary(max_size=500))
def test_base64_or_not_the_same_bytes_are_signed(body: bytes) -> None:
    encoded = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True, "headers": None}
    delivery = Delivery.of("gusto", encoded)

    assert delivery
    assert delivery.body == body


NAMES = st.sampled_from(["id", "ulid", "uuid", "company_id", "resource_uuid", "eventNotifications", "realmId"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(NAMES, each)
)


@given(junk=JUNK)
def test_whatever_a_signed_body_says_the_answer_is_two_hundred(junk: Any) -> None:
    house = House()
    for source in SOURCES:
        answer = house.reception.receive(call(source, json.dumps(junk).encode()))

        assert answer["statusCode"] == 200
