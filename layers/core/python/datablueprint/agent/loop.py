"""A question goes round between a model and the tools, within a budget, until something may be printed or nothing may.

It knows no host and no vendor. Whatever a model does (invents, loops, leaks,
fails) ends in an answer whose every figure stands in this turn's results, or
in none. Faults of our own tools are not caught here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from datablueprint.agent import grounding, prompts, replies
from datablueprint.agent.draft import AskUser, Decline, Draft
from datablueprint.agent.grounding.evidence import Evidence
from datablueprint.agent.model import Model
from datablueprint.agent.plan import Refusal
from datablueprint.agent.query import Query
from datablueprint.agent.results import ResultSet
from datablueprint.agent.tools import told
from datablueprint.agent.turn import Ended, Stopped, Surroundings, Toolbox, Trace
from datablueprint.errors import ModelUnavailable

MOST_CALLS, MOST_TOKENS = 6, 60_000
MOST_INPUT = 20_000
"""Characters of one tool input."""
MOST_USES = 12
"""Tool uses of one reply that are looked at."""
MOST_TURNS = 12
PLANNING, FIGURES, CHECKING = "planning", "figures", "checking"
"""Stages of progress, in order; `writing` follows them."""
NOTHING = "Nothing that could be checked came back for this question"
FIXED = "Ask for a metric of a job, a manager or the portfolio, as of a day"
TOPICS = {
    "not_in_data": "that is not in the records that are read",
    "action": "everything here is read-only",
    "personal": "that is personal",
    "opinion": "that is a matter of opinion, not of records",
    "external": "that is outside the company's records",
    "unsafe": "the question was stopped by the safety rules",
    "other_tenant": "this session sees one company only",
    "not_understood": "the question was not understood",
}
"""What a refusal says when the model's own words may not be printed."""


def converse(question: str, context: Sequence[Query], box: Toolbox, model: Model, around: Surroundings) -> Ended:
    """One turn. ModelUnavailable when the model cannot be had at all before it has found anything."""
    return Turn(question, context, box, model, around).run()


class Turn:
    """The state of one turn."""

    def __init__(
        self, question: str, context: Sequence[Query], box: Toolbox, model: Model, around: Surroundings
    ) -> None:
        self._box, self._model, self._around = box, model, around
        self._messages = prompts.opening(question, context)
        self._tools = prompts.tool_config(tuple(box.tools))
        self._began = around.clock.monotonic()
        self._asked: set[str] = set()
        self._exposed = self._repaired = False
        self.trace = Trace(
            model.name, model.model_id, prompts.hashed(prompts.SYSTEM), prompts.hashed(self._tools)
        )  # fmt: skip

    def run(self) -> Ended:
        """Go round until something may be printed or nothing may."""
        try:
            for _ in range(MOST_TURNS):
                ended = self._round()
                if ended:
                    return self._closed(
                        ended, ended.summary if ended.results else "asked" if ended.options else "declined"
                    )
            raise Stopped("too many turns")
        except Stopped as stopped:
            return self._closed(self._without(str(stopped)), str(stopped))

    def _round(self) -> Ended | None:
        reply = self._reply()
        content, stop = replies.content(reply), str(reply.get("stopReason"))
        if stop in ("guardrail_intervened", "content_filtered"):
            raise Stopped("stopped by a guardrail")
        uses = replies.uses(content)[:MOST_USES]
        if stop == "max_tokens" or not uses:
            self._strike("cut_off" if stop == "max_tokens" else "free_text")
            self._told({"text": "That was not shown to anybody. Use a tool; finish with submit_answer."})
            return None
        self._messages.append({"role": "assistant", "content": [{"toolUse": use} for use in uses]})
        answers = []
        for use in uses:
            done = self._done(use)
            if isinstance(done, Ended):
                return done
            answers.append({"toolResult": {"toolUseId": use["toolUseId"], "content": [{"json": done}]}})
        self._messages.append({"role": "user", "content": answers})
        return None

    def _left(self) -> float:
        """Seconds of the budget."""
        return self._around.seconds - (self._around.clock.monotonic() - self._began)

    def _reply(self) -> Mapping[str, Any]:
        """One call of the model, within what is left of the time and the tokens."""
        left = self._left()
        if left <= 0:
            raise Stopped("out of time")
        if self.trace.tokens >= MOST_TOKENS:
            raise Stopped("out of tokens")
        self.trace.turns += 1
        call = partial(self._model.converse, self._messages, system=prompts.SYSTEM, tools=self._tools, seconds=left)
        if self._model.embedded:
            return call()
        try:
            reply = call()
        except ModelUnavailable:
            if not self._box.results:
                raise
            raise Stopped("the model became unavailable") from None
        except Exception as error:  # a vendor's client may raise anything; no figure depends on it
            raise Stopped(f"the model failed: {type(error).__name__}") from error
        if not isinstance(reply, Mapping):
            raise Stopped("the model failed: no reply")
        self.trace.tokens += replies.tokens(reply)
        return reply

    def _done(self, use: Mapping[str, Any]) -> Ended | Mapping[str, Any]:
        """What one tool use comes to: the end of the turn, or something to tell the model."""
        name, given = use["name"], use["input"]
        if len(replies.spelled(given)) > MOST_INPUT:
            return self._error("invalid_input", f"The input is longer than {MOST_INPUT} characters")
        try:
            if name == "submit_answer":
                return self._submitted(Draft.model_validate(given))
            if name == "ask_user":
                return self._question_back(AskUser.model_validate(given))
            if name == "decline":
                return self._declined(Decline.model_validate(given))
            return self._called(name, given)
        except ValidationError as wrong:
            return self._error("invalid_input", replies.said(wrong))

    def _called(self, name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        known = [tool.name for tool in self._box.tools]
        if name not in known:
            return self._error("unknown_tool", f"There is no tool of that name; there are {', '.join(known)}")
        asked = replies.spelled([name, given])
        if asked in self._asked:
            return self._error("repeated_call", "This was asked before; its result stands above")
        if len(self.trace.calls) >= MOST_CALLS:
            return self._error("too_many_calls", f"{MOST_CALLS} calls were made; finish with what was found")
        if self._exposed and not (name == "open_figure" and given.get("ref") in self._evidence().facts):
            return self._error("plan_frozen", "Record text was read; only open_figure on known refs is possible now")
        self._asked.add(asked)
        self._around.progress(FIGURES, replies.progress(name, given))
        found = self._box.run(name, given)
        if isinstance(found, ResultSet):
            self.trace.calls.append({"tool": name, "outcome": found.result_id})
            return told(found)
        refused = found.get("error")
        self.trace.calls.append({"tool": name, "outcome": str(refused["code"]) if refused else "told"})
        if refused and refused["code"] == "invalid_input":
            self._strike("invalid_input")
        return found if refused else self._screened(found)

    def _screened(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        """A tool's answer with record text quoted and marked, or left out; from then on the plan is frozen."""
        held = [(str(each.get("record_id", "")), [*each["quoted"]]) for each in found.get(prompts.RECORD_TEXT) or ()]
        if not held:
            return found
        rest = {key: value for key, value in found.items() if key != prompts.RECORD_TEXT}
        if not self._model.screen([text for _, texts in held for text in texts], seconds=self._left()):
            return {**rest, "withheld": "the text of these records was not cleared for reading"}
        self._exposed = True
        marked = [{"record_id": record, "quoted": list(map(prompts.quoted, texts))} for record, texts in held]
        return {**rest, prompts.RECORD_TEXT: marked}

    def _submitted(self, draft: Draft) -> Ended | Mapping[str, Any]:
        self._around.progress(CHECKING, "comparing the answer with its figures")
        evidence = self._evidence()
        wrong = grounding.check(draft, evidence)
        leaked = () if self._model.embedded else prompts.leaked("".join(piece.text or "" for piece in draft.segments))
        self.trace.rejected += [problem.code for problem in wrong] + (["leak"] if leaked else [])
        if not wrong and not leaked:
            segments = tuple(grounding.segments(draft, evidence))
            return Ended(self.trace, self._used(draft, evidence), draft.headline, segments)
        if self._repaired or leaked:
            raise Stopped("the draft could not be borne out")
        self._repaired = True
        return grounding.told(wrong, evidence)

    def _used(self, draft: Draft, evidence: Evidence) -> tuple[ResultSet, ...]:
        """The results an answer stands on: those it names, in its order, and those its figures come from."""
        shown = [piece.figure for piece in draft.segments if piece.figure] + (
            [draft.headline] if draft.headline else []
        )
        sources = (source for ref in shown for source in sorted(evidence.facts[ref].sources)[:1])
        return tuple(self._box.results[key] for key in dict.fromkeys((*draft.result_ids, *sources)))

    def _question_back(self, asked: AskUser) -> Ended:
        words = " ".join(text for option in asked.options for text in (option.label, option.question))
        if not self._model.embedded and not self._sayable(words):
            raise Stopped("a question back that may not be shown")
        return Ended(self.trace, slot=asked.slot, options=asked.options)

    def _declined(self, declined: Decline) -> Ended:
        because, fix = declined.topic, declined.fix
        if not self._model.embedded:
            because = because if self._sayable(because) else TOPICS[declined.code]
            fix = fix if self._sayable(fix) else ""
        return Ended(self.trace, refusal=Refusal(code=declined.code, because=because, fix=fix))

    def _sayable(self, text: str) -> bool:
        """Whether a model's own words may be printed: none once it has read text of records, which they may repeat."""
        if self._exposed or not text:
            return False
        return not grounding.check_words(text, self._evidence()) and not prompts.leaked(text)

    def _evidence(self) -> Evidence:
        return Evidence(tuple(self._box.results.values()), self._around.today, self._around.known)

    def _error(self, code: str, text: str) -> Mapping[str, Any]:
        self._strike(code)
        return {"error": {"code": code, "sentence": text}}

    def _strike(self, code: str) -> None:
        """One warning of a kind, and three in all."""
        self.trace.strikes.append(code)
        if Counter(self.trace.strikes)[code] > 1 or len(self.trace.strikes) > 2:
            raise Stopped(f"gave up: {code}")

    def _told(self, block: Mapping[str, Any]) -> None:
        """Say something to the model; two messages of one side in a row are one."""
        if self._messages[-1]["role"] == "user":
            self._messages[-1]["content"].append(block)
        else:
            self._messages.append({"role": "user", "content": [block]})

    def _without(self, why: str) -> Ended:
        """No draft was accepted: the results in our own words, or a refusal where there are none."""
        found = tuple(self._box.results.values())
        if found:
            return Ended(self.trace, found, summary="withheld")
        if why == "stopped by a guardrail":
            return Ended(self.trace, refusal=Refusal(code="unsafe", because=TOPICS["unsafe"], fix=FIXED))
        return Ended(self.trace, refusal=Refusal(code="not_understood", because=NOTHING, fix=FIXED), broken=True)

    def _closed(self, ended: Ended, outcome: str) -> Ended:
        self.trace.outcome = outcome
        self.trace.milliseconds = round((self._around.clock.monotonic() - self._began) * 1000)
        return ended
