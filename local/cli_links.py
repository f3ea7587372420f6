"""The verb `links`: list them, decide on one, or take a decision back."""

from __future__ import annotations

import argparse
import getpass

from datablueprint.errors import QuestionError
from local.cli_verbs import Listener, Outcome
from local.home import Home

WORDS = {"accept": "accepted", "reject": "rejected"}


def links(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """List links, or record or undo one decision; the next refresh uses what was decided."""
    from datablueprint import review

    ports = home.ports(listen)
    if args.action == "review":
        return Outcome(review.review(ports, every=args.all))
    if not args.link_id:
        way = f"`datablueprint links {args.action} LINK_ID` or `{args.action} RECORD_ID RECORD_ID`"
        raise QuestionError(f"Which link? Say {way}; {review.LIST_THEM}")
    by = args.by or getpass.getuser()
    link_id = review.pair_id(args.link_id, args.other_record_id, ports) if args.other_record_id else args.link_id
    if args.action == "undo":
        return Outcome(review.undo(link_id, ports, by=by))
    stated = review.link_of(args.link_id, args.other_record_id, ports, by=by) if args.other_record_id else None
    return Outcome(review.decide(link_id, WORDS[args.action], ports, by=by, stated=stated))
