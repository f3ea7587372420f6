"""Splink 4 on the same projects and vendors: its usual settings, and every column that could help it."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Iterator
from typing import Any

from benchmarks.linked_world import Pair, Tables
from datablueprint import tables
from datablueprint.graph.evidence import native
from datablueprint.graph.names import job_numbers, normal, without_numbers
from datablueprint.graph.places import street

THRESHOLD = 0.95
Row = dict[str, Any]


def splink_links(made: Tables, kind: str) -> tuple[dict[Pair, float], float]:
    """Pairs at or above the threshold with their probability, and the seconds it took."""
    import pandas as pd

    started = time.monotonic()
    rows = list(_projects(made) if kind == "project" else _vendors(made))
    left, right = ([row for row in rows if row["side"] == side] for side in ("procore", "quickbooks"))
    linker = _linker(kind, pd.DataFrame(left), pd.DataFrame(right))
    scored = linker.inference.predict(threshold_match_probability=THRESHOLD).as_pandas_dataframe()
    pairs = {frozenset((row.unique_id_l, row.unique_id_r)): float(row.match_probability) for row in scored.itertuples()}
    return pairs, time.monotonic() - started


def _linker(kind: str, left: Any, right: Any) -> Any:
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    name = compare.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85])
    id_rule, name_rule = block_on("integration_id"), block_on("substr(name, 1, 4)")
    comparisons, rules = [name, compare.ExactMatch("last_word")], [id_rule, name_rule, block_on("last_word")]
    if left["integration_id"].notna().any():
        comparisons.append(compare.ExactMatch("integration_id"))
    training = [name_rule, block_on("last_word")]
    if kind == "project":
        present = [column for column in ("number", "street") if right[column].notna().any()]
        comparisons += [compare.ExactMatch(column) for column in present]
        rules += [block_on("number"), block_on("street")]
        training = [block_on("street"), name_rule]
    settings = SettingsCreator(
        link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules
    )
    linker = Linker(
        [left, right],
        settings,
        db_api=DuckDBAPI(),
        input_table_aliases=["procore", "quickbooks"],
        set_up_basic_logging=False,
    )
    linker.training.estimate_probability_two_random_records_match([id_rule, block_on("name")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker


def _projects(made: Tables) -> Iterator[Row]:
    for row in tables.rows(made["projects"]):
        if row["system"] == "procore" or row["is_job"]:
            number = row["number"] or next(iter(job_numbers(row["name"])), None)
            name = normal(without_numbers(row["name"]))
            yield {**_common(row, name), "number": number, "street": street(row["address"]) or None}


def _vendors(made: Tables) -> Iterator[Row]:
    return (_common(row, normal(row["name"])) for row in tables.rows(made["vendors"]))


def _common(row: Row, name: str) -> Row:
    """`integration_id`: the QuickBooks id that Procore carries, beside QuickBooks' own."""
    own = native(row["record_id"]) if row["system"] == "quickbooks" else row["origin_id"]
    words = name.split() or [""]
    return {
        "unique_id": row["record_id"],
        "side": row["system"],
        "name": name or None,
        "last_word": words[-1] or None,
        "integration_id": own,
    }
