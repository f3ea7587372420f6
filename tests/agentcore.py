"""AgentCore's data plane on loopback, as botocore speaks to it: what moto has not."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from datablueprint.adapters.agentcore_jobs import AgentCoreJobs

RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/acme-0123456789"
Answer = tuple[int, dict[str, str], bytes]


class Front(ThreadingHTTPServer):
    """AgentCore's data plane as botocore speaks to it: what `answer` returns comes back, requests are kept."""

    daemon_threads = True

    def __init__(self, answer: Callable[[bytes], Answer]) -> None:
        self.answer = answer
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), FrontHandler)


class FrontHandler(BaseHTTPRequestHandler):
    server: Front

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((unquote(self.path), dict(self.headers), body))
        status, headers, content = self.server.answer(body)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content))}.items():
            self.send_header(name, headers.get(name, value))
        for name in headers.keys() - {"Content-Type", "Content-Length"}:
            self.send_header(name, headers[name])
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def fronting(answer: Callable[[bytes], Answer]) -> Iterator[Front]:
    """A data plane for as long as the block lasts."""
    with Front(answer) as front:
        threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield front
        front.shutdown()


def relayed(host: ThreadingHTTPServer) -> Callable[[bytes], Answer]:
    """What a runtime at this address says, told as AgentCore passes it on."""

    def relay(body: bytes) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", host.server_address[1], timeout=10)
        connection.request("POST", "/invocations", body=body, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status == 200:
            return 200, {}, content
        return 424, {"x-amzn-ErrorType": "RuntimeClientError"}, b'{"message": "the agent failed"}'

    return relay


def jobs_at(
    front: Front | str, *, asked_by: Callable[[str], str] = lambda _: "ann", tries: int = 1, read_timeout: float = 5.0
) -> AgentCoreJobs:
    """The adapter with a client of its own that talks to this data plane."""
    import boto3
    from botocore.config import Config

    address = front if isinstance(front, str) else f"http://127.0.0.1:{front.server_address[1]}"
    client = boto3.client(
        "bedrock-agentcore",
        region_name="us-west-2",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        endpoint_url=address,
        config=Config(
            read_timeout=read_timeout, connect_timeout=2, retries={"mode": "standard", "total_max_attempts": tries}
        ),
    )
    return AgentCoreJobs(RUNTIME, asked_by=asked_by, client=client)
