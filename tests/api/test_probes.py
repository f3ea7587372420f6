"""Other people's ids, paths that lead out, and ids that look like ours: a thousand tries find nothing."""

from __future__ import annotations

import itertools
import random
from urllib.parse import quote

from tests.api.kit import PROBLEM, Api

SHAPES = (
    "/projects/{}",
    "/questions/{}",
    "/saved-questions/{}",
    "/scenarios/{}",
    "/metrics/{}",
    "/exports/questions/{}.xlsx",
    "/exports/questions/{}.pdf",
)
TRICKS = (
    "..", "../..", "../../etc/passwd", "%2e%2e", "..%2f..%2fstate.db", "....//", "a/../b", "~root", "*", "%",
    "' or 1=1 --", "\";select 1", "{}", "${x}", "<script>", "\x00", "\u202e", "é", "snapshot/current", "token/procore",
    "question/", "decision/", "other:24-001", "acme/24-001", "24-001@20200101T000000Z-000000", "-1", "0", "null",
)  # fmt: skip


def test_a_thousand_ids_that_are_not_ours_find_nothing(api: Api) -> None:
    chance = random.Random(5)
    question = api.words["question"]
    near = [question[:-1] + c for c in "0123456789abcdef" if c != question[-1]]
    near += ["q" + "".join(chance.choice("0123456789abcdef") for _ in range(45)) for _ in range(90)]
    ids = [*TRICKS, *near]
    tried = 0

    for shape, each in itertools.product(SHAPES, ids):
        got = api.get(shape.format(each))
        tried += 1

        assert got.status in (400, 404, 422), (shape, each, got.status)
        assert got.kind == PROBLEM
        assert not {"answer", "payload", "figures"} & got.json.keys()
    assert tried >= 900


def test_figures_and_records_of_elsewhere_find_nothing(api: Api) -> None:
    figure = api.words["figure"]
    metric, scope, day = figure.split("/")
    ids = [
        *TRICKS,
        *(f"{metric}/{trick}/{day}" for trick in TRICKS),
        *(f"{figure}@{trick}" for trick in TRICKS),
        *(f"{metric}/{scope}/{trick}..{day}" for trick in TRICKS),
        *(f"{figure}~{trick}" for trick in TRICKS),
        f"{metric}/{scope}/9999-12-31",
    ]

    for path in ("/figures", "/figures/records", "/figures/verification", "/records"):
        for each in ids:
            got = api.get(path, id=each)

            assert got.status in (400, 404, 422), (path, each, got.content[:300])
            assert got.kind == PROBLEM


def test_filters_and_groupings_do_not_reach_the_query(api: Api) -> None:
    for trick in TRICKS:
        for query in ({"by": trick}, {"by": "project", "where": f"pm={trick}"}, {"by": "project", "where": trick}):
            got = api.get("/metrics/actual_cost", **query)

            assert got.status in (200, 422), (query, got.content[:300])
            assert got.status != 200 or got.json["figures"] == []


def test_a_name_may_hold_anything_but_a_path(api: Api) -> None:
    for name in ("month end", "à la carte", "50% done", "a,b;c", "x" * 80):
        put = api.request("PUT", f"/scenarios/{name}", body={"assumptions": ["approve all"]})
        assert put.status == 200, (name, put.content)
        assert api.get(f"/scenarios/{name}").json["name"] == name
        assert api.request("DELETE", f"/scenarios/{name}").status == 200
    for name in ("a/b", "a\\b", "x" * 81, "", quote("a/b", safe="") + "/c"):
        assert api.request("PUT", f"/scenarios/{name}", body={"assumptions": ["approve all"]}).status in (404, 405, 422)
