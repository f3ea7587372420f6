"""What people decided outranks evidence, and what they called different stays apart however long the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from datablueprint.graph.clusters import Clusters
from datablueprint.graph.decisions import ONE_HOME, Contradiction, stored
from datablueprint.graph.evidence import CERTAIN, Link
from datablueprint.graph.votes import STANDS

CONTRADICTING = "contradicting decisions"
"""What `decided_by` says of links that decisions contradict each other about."""
RANK = {"accepted": 0, "automatic": 1, "proposed": 2}


def remembered(known: Mapping[str, set[str]], decisions: Mapping[str, Mapping[str, Any]]) -> Iterator[Link]:
    """The links that people decided on, rebuilt from their decisions for as long as both records exist."""
    for held in stored(decisions, known):
        decision = decisions[held.link_id]
        confidence = Decimal(decision.get("confidence") or CERTAIN)
        evidence = tuple(decision.get("evidence") or ()) or (f"decided by {held.by}",)
        yield Link(held.kind, held.left, held.right, confidence, evidence, held.by)


def reviewed(
    claims: Iterable[Link],
    known: Mapping[str, set[str]],
    decisions: Mapping[str, Mapping[str, Any]],
    broken: list[Contradiction],
) -> tuple[list[Link], dict[str, str]]:
    """The links in their final state, and each record's entity; decisions that are `broken` are not applied."""
    decided = [_decided(claim, decisions.get(claim.link_id), broken) for claim in claims]
    standing = _not_overruled(decided)
    apart = [(each.left, each.right) for each in standing if each.standing == "rejected"]
    joined = Clusters((record for records in known.values() for record in records), apart)
    order = sorted(standing, key=lambda each: (RANK.get(each.standing, 9), -each.confidence, each.link_id))
    links = [_joined(each, joined) for each in order]
    return links, joined.leaders()


def _decided(claim: Link, decision: Mapping[str, Any] | None, broken: list[Contradiction]) -> Link:
    for found in broken:
        if claim.link_id in found.link_ids:
            return replace(claim, state="proposed", rule=CONTRADICTING, evidence=(found.sentence, *claim.evidence))
    if decision is None:
        return claim
    return replace(claim, state=decision["decision"], rule=decision["by"])


def _not_overruled(claims: list[Link]) -> list[Link]:
    """A job (an item) that a person gave to a project (a code) goes to no other one by evidence alone."""
    given = {(claim.kind, claim.right) for claim in claims if claim.kind in ONE_HOME and claim.state == "accepted"}
    return [claim for claim in claims if claim.state or (claim.kind, claim.right) not in given]


def _joined(link: Link, joined: Clusters) -> Link:
    """The link after its records were joined; one that would join what somebody called different is a question."""
    if link.standing == "rejected" or link.kind == "contract" or _is_only_a_question(link):
        return link
    if joined.join(link.left, link.right):
        return link
    sentence = "against it: it would join, through other links, two records that somebody said are different"
    return replace(link, state="proposed", evidence=(*link.evidence, sentence))


def _is_only_a_question(link: Link) -> bool:
    return link.rule == CONTRADICTING or (link.standing == "proposed" and link.confidence < STANDS)
