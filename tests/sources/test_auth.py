"""No race, lost answer or outage may cost the customer the connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from datablueprint.adapters.plain_seal import PlainSeal
from datablueprint.errors import AuthExpired, SettingsError, SourceUnavailable
from datablueprint.ports import SealBroken
from datablueprint.sources import auth, by_name
from datablueprint.sources.auth import Tokens
from datablueprint.sources.client import guarded
from tests.fakes import NOON, TOKEN_PATHS, MemorySecrets, World, world

QBO = "quickbooks_online"


def tokens(room: World, name: str = QBO) -> Tokens:
    return Tokens.of(by_name(name), room.ports, Counter(), guarded)


class Issuer:
    """A token endpoint that rotates on every refresh and burns what it replaced, as Procore does."""

    def __init__(self, room: World, name: str = QBO, expires_in: int = 3600) -> None:
        self.good = "refresh-1"
        self.number = 1
        self.expires_in = expires_in
        self.seen: list[dict[str, str]] = []
        self.next: Callable[[], httpx.Response] | None = None
        room.vendor.on(TOKEN_PATHS[name], self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        self.seen.append(form)
        if self.next:
            answer, self.next = self.next, None
            return answer()
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.good:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return self.issue()

    def issue(self) -> httpx.Response:
        self.number += 1
        self.good = f"refresh-{self.number}"
        body = {"access_token": f"access-{self.number}", "expires_in": self.expires_in, "refresh_token": self.good}
        return httpx.Response(200, json=body)


def store(room: World, name: str = QBO, *, minutes: float = -1, **more: Any) -> None:
    value = {
        "access_token": "access-1",
        "refresh_token": "refresh-1",
        "expires_at": (NOON + timedelta(minutes=minutes)).isoformat(),
        **more,
    }
    room.state.put(f"token/{name}", value, expected_version=None)


def stored(room: World, name: str = QBO) -> dict[str, Any]:
    item = room.state.get(f"token/{name}")
    assert item
    return item.value


def room_with(minutes: float = -1, **more: Any) -> tuple[World, Issuer]:
    room = world(signed_in=False)
    store(room, minutes=minutes, **more)
    return room, Issuer(room)


def test_a_token_with_time_left_is_used_without_a_call() -> None:
    room, issuer = room_with(minutes=6)

    assert tokens(room).access() == "access-1"
    assert issuer.seen == []


@pytest.mark.parametrize(("name", "left", "calls"), [(QBO, 299, 1), (QBO, 301, 0), ("gusto", 61, 0), ("gusto", 59, 1)])
def test_tokens_are_renewed_shortly_before_they_end_and_not_earlier(name: str, left: int, calls: int) -> None:
    room = world(signed_in=False)
    store(room, name, minutes=left / 60)
    issuer = Issuer(room, name)

    tokens(room, name).access()

    assert len(issuer.seen) == calls


def test_the_new_pair_is_saved_before_it_is_handed_out() -> None:
    room, _ = room_with()

    assert tokens(room).access() == "access-2"

    value = stored(room)
    assert (value["access_token"], value["refresh_token"]) == ("access-2", "refresh-2")
    assert value["previous_refresh_token"] == "refresh-1"
    assert value["expires_at"] == (NOON + timedelta(hours=1)).isoformat()
    assert "lease_owner" not in value


def test_a_pair_that_cannot_be_saved_is_never_used() -> None:
    room, _ = room_with()

    def disk_full(key: str) -> None:
        if len(room.state.puts) == 2:
            raise OSError("disk full")

    room.state.before_put = disk_full

    with pytest.raises(OSError, match="disk full"):
        tokens(room).access()


def test_two_workers_who_renew_at_once_make_one_refresh() -> None:
    room, issuer = room_with()
    other = tokens(room)
    entered = False

    def other_worker_first(key: str) -> None:
        nonlocal entered
        if not entered:
            entered = True
            assert other.access() == "access-2"

    room.state.before_put = other_worker_first

    assert tokens(room).access() == "access-2"
    assert len(issuer.seen) == 1


def test_a_worker_waits_for_the_lease_of_another_and_takes_its_result() -> None:
    room, issuer = room_with(lease_owner="someone", lease_until=(NOON + timedelta(seconds=30)).isoformat())
    sleep = room.clock.sleep

    def finish_meanwhile(seconds: float) -> None:
        sleep(seconds)
        store(room, minutes=60, access_token="theirs", refresh_token="refresh-9")

    room.clock.sleep = finish_meanwhile  # type: ignore[method-assign]

    assert tokens(room).access() == "theirs"
    assert issuer.seen == []


def test_the_lease_of_a_worker_that_died_runs_out() -> None:
    room, issuer = room_with(lease_owner="dead", lease_until=(NOON + timedelta(seconds=30)).isoformat())

    assert tokens(room).access() == "access-2"
    assert len(issuer.seen) == 1
    assert sum(room.clock.slept) >= 29


def test_an_overtaken_worker_takes_the_newer_pair_and_does_not_overwrite_it() -> None:
    room, issuer = room_with()

    def lose_the_lease() -> httpx.Response:
        store(room, minutes=60, access_token="theirs", refresh_token="refresh-theirs")
        return httpx.Response(200, json={"access_token": "mine", "expires_in": 3600, "refresh_token": "refresh-mine"})

    issuer.next = lose_the_lease

    assert tokens(room).access() == "theirs"
    assert stored(room)["refresh_token"] == "refresh-theirs"


def test_a_lost_answer_is_asked_for_again_when_the_old_token_still_works() -> None:
    room, issuer = room_with()

    def lost() -> httpx.Response:
        raise httpx.ReadTimeout("the answer never came")

    issuer.next = lost

    assert tokens(room).access() == "access-2"
    assert [form["refresh_token"] for form in issuer.seen] == ["refresh-1", "refresh-1"]


def test_a_lost_answer_after_rotation_ends_as_a_sentence_and_keeps_the_old_token() -> None:
    room, issuer = room_with()

    def rotate_and_lose() -> httpx.Response:
        issuer.issue()
        raise httpx.ReadTimeout("the answer never came")

    issuer.next = rotate_and_lose

    with pytest.raises(AuthExpired, match="Reconnect with `datablueprint connect quickbooks_online`"):
        tokens(room).access()

    assert stored(room)["refresh_token"] == "refresh-1"
    assert stored(room)["state"] == "needs_reconnect"


def test_a_stale_copy_is_forgiven_because_the_store_is_read_again() -> None:
    room, issuer = room_with()
    issuer.good = "refresh-5"

    def refuse_and_let_another_save() -> httpx.Response:
        claimed = room.state.get(f"token/{QBO}")
        assert claimed
        value = {**claimed.value, "refresh_token": "refresh-5"}
        room.state.put(f"token/{QBO}", value, expected_version=None)
        return httpx.Response(400, json={"error": "invalid_grant"})

    issuer.next = refuse_and_let_another_save

    assert tokens(room).access() == "access-2"
    assert [form["refresh_token"] for form in issuer.seen] == ["refresh-1", "refresh-5"]


def test_a_revoked_connection_is_reported_at_once_and_its_token_is_not_posted_again() -> None:
    room, issuer = room_with()
    issuer.good = "another"

    for _ in range(3):
        with pytest.raises(AuthExpired) as caught:
            tokens(room).access()

    assert len(issuer.seen) == 1
    assert "QuickBooks Online: the connection was revoked" in str(caught.value)
    assert "refresh-1" not in str(caught.value)


def test_a_refusal_by_mistake_is_healed_by_a_later_refresh() -> None:
    room, issuer = room_with()
    issuer.next = lambda: httpx.Response(400, json={"error": "invalid_grant"})
    with pytest.raises(AuthExpired):
        tokens(room).access()

    room.clock.move(minutes=11)

    assert tokens(room).access() == "access-2"
    assert stored(room)["state"] == "ok"


def test_who_waited_for_another_worker_takes_his_failure_instead_of_repeating_it() -> None:
    room, issuer = room_with(lease_owner="someone", lease_until=(NOON + timedelta(seconds=30)).isoformat())
    sleep = room.clock.sleep

    def fail_meanwhile(seconds: float) -> None:
        sleep(seconds)
        store(room, minutes=-1, trouble={"at": room.clock.now().isoformat(), "what": "HTTP 503"})

    room.clock.sleep = fail_meanwhile  # type: ignore[method-assign]

    with pytest.raises(SourceUnavailable, match="HTTP 503"):
        tokens(room).access()

    assert issuer.seen == []


def test_a_corrected_secret_is_tried_at_once() -> None:
    room, issuer = room_with()
    issuer.next = lambda: httpx.Response(401, json={"error": "invalid_client"})
    with pytest.raises(AuthExpired, match="Correct the secret `q`"):
        tokens(room).access()

    assert tokens(room).access() == "access-2"


def test_a_store_that_hiccups_between_rotation_and_save_costs_nothing() -> None:
    room, issuer = room_with()
    hiccups = iter([OSError("busy"), OSError("busy"), None])

    def hiccup(key: str) -> None:
        if len(issuer.seen) == 1:
            trouble = next(hiccups, None)
            if trouble:
                raise trouble

    room.state.before_put = hiccup

    assert tokens(room).access() == "access-2"
    assert stored(room)["refresh_token"] == "refresh-2"


def test_a_worker_whose_lease_was_taken_saves_all_the_same_when_nobody_else_has() -> None:
    room, issuer = room_with()

    def taken_meanwhile() -> httpx.Response:
        store(room, lease_owner="another", lease_until=(NOON + timedelta(seconds=45)).isoformat())
        return issuer.issue()

    issuer.next = taken_meanwhile

    assert tokens(room).access() == "access-2"
    assert stored(room)["refresh_token"] == "refresh-2"


def test_what_can_fail_fails_before_the_vendor_is_asked() -> None:
    room, issuer = room_with()
    ports = replace(room.ports, secrets=MemorySecrets({}))

    with pytest.raises(SettingsError, match="no secret named 'q'"):
        Tokens.of(by_name(QBO), ports, Counter(), guarded).access()

    assert issuer.seen == []
    assert "lease_owner" not in stored(room)


def test_an_error_names_the_page_on_which_the_system_was_connected() -> None:
    room, issuer = room_with(page="https://blueprint.test/api/connect/quickbooks_online")
    issuer.good = "another"

    with pytest.raises(AuthExpired, match="Reconnect at https://blueprint.test/api/connect/quickbooks_online$"):
        tokens(room).access()


def test_tokens_that_were_sealed_elsewhere_are_not_posted_anywhere() -> None:
    room, issuer = room_with()

    class Shut(PlainSeal):
        def open(self, sealed: str, context: Mapping[str, str]) -> str:
            raise SealBroken("shut")

    with pytest.raises(AuthExpired, match="sealed for another system"):
        Tokens.of(by_name(QBO), replace(room.ports, seal=Shut()), Counter(), guarded).access()

    assert issuer.seen == []


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_an_outage_of_the_token_endpoint_is_never_a_disconnection(status: int) -> None:
    room, _issuer = room_with()
    room.vendor.on(TOKEN_PATHS[QBO], lambda _: httpx.Response(status))

    with pytest.raises(SourceUnavailable, match=r"sign-in service at oauth\.intuit\.test .* The connection is kept"):
        tokens(room).access()

    value = stored(room)
    assert value["refresh_token"] == "refresh-1"
    assert value.get("state") != "needs_reconnect"
    assert "lease_owner" not in value


def test_a_short_outage_of_the_token_endpoint_is_not_noticed() -> None:
    room, issuer = room_with()
    issuer.next = lambda: httpx.Response(503)

    assert tokens(room).access() == "access-2"


def test_wrong_client_credentials_name_the_secret_to_correct() -> None:
    room = world(signed_in=False)
    room.vendor.on("/oauth/token", lambda _: httpx.Response(401, json={"error": "invalid_client"}))

    with pytest.raises(AuthExpired) as caught:
        tokens(room, "procore").access()

    assert str(caught.value) == (
        "Procore: the client id or secret was refused (invalid_client). Correct the secret `p`, "
        "then reconnect with `datablueprint connect procore`"
    )


def test_client_credentials_are_asked_again_and_need_no_refresh_token() -> None:
    room = world(signed_in=False)
    issuer = Issuer(room, "procore", expires_in=5400)

    first = tokens(room, "procore").access()
    second = tokens(room, "procore").access()
    room.clock.move(minutes=86)
    third = tokens(room, "procore").access()

    assert (first, second, third) == ("access-2", "access-2", "access-3")
    assert [form["grant_type"] for form in issuer.seen] == ["client_credentials"] * 2
    assert issuer.seen[0]["client_id"] == "id"


def test_procore_may_sign_in_with_rotating_refresh_tokens_instead() -> None:
    room = world(signed_in=False, options={"procore": {"grant": "authorization_code"}})
    store(room, "procore")
    issuer = Issuer(room, "procore")

    assert tokens(room, "procore").access() == "access-2"

    assert issuer.seen[0]["grant_type"] == "refresh_token"


def test_a_source_that_was_never_connected_says_how_to_connect() -> None:
    room = world(signed_in=False)

    with pytest.raises(AuthExpired, match="is not connected yet. Connect with `datablueprint connect gusto`"):
        tokens(room, "gusto").access()


def test_a_rejected_token_is_replaced_although_it_had_time_left() -> None:
    room, _ = room_with(minutes=50)

    assert tokens(room).renew("access-1") == "access-2"


def test_a_rejected_token_that_another_worker_replaced_costs_no_call() -> None:
    room, issuer = room_with(minutes=50)

    assert tokens(room).renew("an-older-one") == "access-1"
    assert issuer.seen == []


# -- connecting --------------------------------------------------------------------------------------


def test_connect_with_a_code_stores_the_first_pair() -> None:
    room = world(signed_in=False)
    issuer = Issuer(room)

    auth.connect(QBO, room.ports, code="abc", redirect_uri="https://here")

    assert stored(room)["refresh_token"] == "refresh-2"
    assert issuer.seen == [{"grant_type": "authorization_code", "code": "abc", "redirect_uri": "https://here"}]
    assert room.vendor.requests[0].headers["Authorization"].startswith("Basic ")


def test_connect_with_a_refresh_token_proves_it_and_replaces_a_dead_one() -> None:
    room, _ = room_with(state="needs_reconnect", refresh_token="dead")

    auth.connect(QBO, room.ports, refresh_token="refresh-1")

    assert stored(room)["refresh_token"] == "refresh-2"
    assert stored(room)["state"] == "ok"


def test_connect_says_when_the_code_is_refused() -> None:
    room = world(signed_in=False)
    Issuer(room)

    with pytest.raises(AuthExpired, match=r"refused the code or token \(invalid_grant\). Start again with"):
        auth.connect(QBO, room.ports, refresh_token="wrong")


def test_the_hard_end_of_a_quickbooks_connection_is_kept() -> None:
    room = world(signed_in=False)
    body = {"access_token": "a", "refresh_token": "r", "x_refresh_token_hard_expires_in": 86400}
    room.vendor.on(TOKEN_PATHS[QBO], body)

    auth.connect(QBO, room.ports, code="abc")

    assert room.vendor.requests[0].headers["x-include-refresh-token-hard-expires-in"] == "true"
    assert stored(room)["hard_expires_at"] == (NOON + timedelta(days=1)).isoformat()
