"""A question asked of the API is answered by the agent's host on AgentCore, while nobody waits for it."""

from __future__ import annotations

import threading

from datablueprint.api import answering
from datablueprint.api.jobs import Jobs
from datablueprint.ports import Ports
from functions.agent_runtime import main
from tests.agentcore import fronting, jobs_at, relayed
from tests.api.kit import Api, is_problem


def test_a_question_goes_from_the_api_over_agentcore_to_its_answer(ports: Ports) -> None:
    worker = Api.of(ports).service
    host = main.Host(("127.0.0.1", 0), main.Questions(lambda: lambda event: _answer(event, worker)))
    threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    jobs = Jobs(ports.state, ports.files, ports.clock)
    with host, fronting(relayed(host)) as front:
        api = Api.of(ports, jobs_at(front, asked_by=lambda question_id: str(jobs.get(question_id)["by"])))

        asked = api.request("POST", "/questions", body={"question": "What is the margin at completion of our jobs?"})
        front.answer(front.seen[0][2])  # the platform delivers it once more
        host.questions.close()
        told = api.get(f"/questions/{asked.json['id']}").json
        host.shutdown()

    assert asked.status == 202
    assert told["status"] == "done"
    assert told["answer"]["status"] == "answered"
    assert [event["stage"] for event in told["events"]].count("started") == 1


def test_a_host_that_fails_turns_the_question_away_and_nothing_stays(ports: Ports) -> None:
    before = len(list(ports.state.list("question/")))
    with fronting(lambda _: (424, {"x-amzn-ErrorType": "RuntimeClientError"}, b'{"message": "down"}')) as front:
        api = Api.of(ports, jobs_at(front))

        got = api.request("POST", "/questions", body={"question": "What is the margin?"})

    assert is_problem(got, 503)
    assert len(list(ports.state.list("question/"))) == before


def _answer(event: dict[str, str], worker: object) -> dict[str, object]:
    return answering.answer(answering.AnswerRequest.model_validate(event), worker)  # type: ignore[arg-type]
