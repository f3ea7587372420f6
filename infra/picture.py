"""The architecture as a picture drawn from the templates: a box, a word or an arrow is there because a resource is.

`make picture` writes docs/architecture.svg; a test compares it with what the templates give today.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

from infra.templates import ROOT, Template, read
from infra.wiring import RUNTIME, Part, Wiring

FILE = ROOT / "docs" / "architecture.svg"
WIDTH, HEIGHT = 900, 1010
LINE, LETTER = 18, 7.0
"""Height of a line of text in a box, and the width of a letter."""
BUILDERS = ("plan", "conform", "link", "post", "measure", "publish")
VENDORS = {
    "extract_procore": "Procore",
    "extract_quickbooks_online": "QuickBooks Online",
    "extract_gusto": "Gusto",
}
STYLE = """
 svg{--paper:#fff;--ink:#1c2733;--soft:#5a6876;--edge:#8a97a5;--in:#e7f3ec;--in-edge:#2f7d52;--out:#fdf1e3;
  --out-edge:#b26a13;--box:#fff;--aws:#edf1f7}
 @media (prefers-color-scheme:dark){svg{--paper:#12181f;--ink:#e6ecf2;--soft:#a6b3c0;--edge:#73818f;--in:#14291f;
  --in-edge:#5cb585;--out:#2e2313;--out-edge:#e0a558;--box:#1a222b;--aws:#1d2631}}
 text{font:13.5px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--soft)}
 .title{font-weight:600;font-size:15px;fill:var(--ink)}
 .zone{font-weight:600;font-size:15.5px}
 .inside{fill:var(--in-edge)} .outside{fill:var(--out-edge)}
 path{fill:none;stroke:var(--edge);stroke-width:1.6;marker-end:url(#tip)}
 .both{marker-start:url(#tip)}
 rect{stroke:var(--edge);fill:var(--box);rx:7px}
 rect.in{fill:var(--in);stroke:var(--in-edge);stroke-width:2}
 rect.out{fill:var(--out);stroke:var(--out-edge);stroke-width:2}
 rect.aws{fill:var(--aws)} rect.paper{fill:var(--paper);stroke:none;rx:0}
 .label{font-size:12.5px} .label,.zone{paint-order:stroke;stroke:var(--halo,var(--paper));stroke-width:5px}
 .oni{--halo:var(--in)} .ono{--halo:var(--out)}
"""


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[str, ...] = ()
    style: str = ""

    @property
    def svg(self) -> str:
        frame = f'<rect x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}" class="{self.style}"/>'
        title = f'<text x="{self.x + 12}" y="{self.y + 24}" class="title">{escape(self.title)}</text>'
        most = int((self.width - 20) / LETTER)
        wrapped = [part for line in self.lines for part in wrap(line, most)]
        rows = (
            f'<text x="{self.x + 12}" y="{self.y + 26 + LINE * number}">{escape(line)}</text>'
            for number, line in enumerate(wrapped, start=1)
        )
        return "\n".join([frame, title, *rows])


@dataclass(frozen=True)
class Arrow:
    points: tuple[tuple[int, int], ...]
    label: str = ""
    at: tuple[int, int] = (0, 0)
    """Where the label starts."""
    style: str = ""
    on: str = ""
    """Class of the ground under the label."""

    @property
    def svg(self) -> str:
        line = " L".join(f"{x} {y}" for x, y in self.points)
        drawn = f'<path d="M{line}" class="{self.style}"/>'
        if not self.label:
            return drawn
        return drawn + f'\n<text x="{self.at[0]}" y="{self.at[1]}" class="label {self.on}">{escape(self.label)}</text>'


def draw(templates: Sequence[Template]) -> str:
    """The picture of the first tenant, as SVG for light and dark screens."""
    tenant = next(each.tenant for each in templates if each.tenant != "shared")
    wiring = Wiring.of([each for each in templates if each.tenant in (tenant, "shared")])
    shapes: list[Box | Arrow | str] = [*_zones(), *_arrows(wiring), *_titles(wiring)]
    shapes += [*_edge(wiring), *_inside(wiring), *_outside(wiring), *_below(wiring)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            "<title>DataBlueprint in one tenant's AWS account</title>",
            f"<desc>{escape(describe(wiring))}</desc>",
            f"<style>{STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            'orient="auto-start-reverse">'
            '<path d="M0 0L10 5L0 10z" style="fill:var(--edge);stroke:none;marker-end:none"/></marker></defs>',
            f'<rect class="paper" x="0" y="0" width="{WIDTH}" height="{HEIGHT}"/>',
            *(shape.svg if isinstance(shape, Box | Arrow) else shape for shape in shapes),
            "</svg>\n",
        ]
    )


def describe(wiring: Wiring) -> str:
    """The picture in words, for those who do not see it."""
    inside = sorted({part.name for part in wiring.zone("inside")})
    outside = sorted({part.name for part in wiring.zone("outside")})
    reading = sorted({part.name for part in wiring.zone("outside") if part.prefixes("s3:GetObject")})
    return (
        f"Inside, with the lake and without the internet: {', '.join(inside)}. "
        f"Outside, with the internet: {', '.join(outside)}; of the lake these read their own index only: "
        f"{', '.join(reading)}."
    )


def _zones() -> Iterator[Box]:
    yield Box(24, 268, 404, 520, "", style="in")
    yield Box(452, 268, 424, 402, "", style="out")


def _titles(wiring: Wiring) -> Iterator[str]:
    """Over the arrows that come in."""
    wall = "private VPC, no way to the internet" if wiring.all("AWS::EC2::VPC") else "kept apart by IAM alone"
    yield f'<text x="38" y="293" class="zone inside oni">Inside: {wall}</text>'
    yield '<text x="466" y="293" class="zone outside ono">Outside: internet, may not read records</text>'


def _edge(wiring: Wiring) -> Iterator[Box]:
    sources = [name for folder, name in VENDORS.items() if wiring.named(folder)]
    yield Box(24, 20, 232, 50, "People", ("signed in with Cognito",))
    yield Box(270, 20, 158, 50, "Machines", ("client credentials",))
    yield Box(452, 20, 424, 50, "Systems of record", (" · ".join(sources),))
    if wiring.all("AWS::CloudFront::Distribution"):
        yield Box(24, 128, 180, 86, "CloudFront", ("page from a private bucket; /api/* passes",), "aws")
    rules = sum(len(each.properties["Rules"]) for each in wiring.all("AWS::WAFv2::WebACL"))
    yield Box(222, 128, 206, 86, "REST API", (f"firewall of {rules} rules, usage plan, authorizer",), "aws")


def _inside(wiring: Wiring) -> Iterator[Box]:
    yield Box(44, 312, 364, 58, "API", _lake(wiring.named("api")))
    host = wiring.named("agent_runtime", "answer")
    on = "AgentCore Runtime" if wiring.all(RUNTIME) else "Lambda"
    if host:
        yield Box(44, 404, 364, 98, f"Agent on {on}", (*_lake(host), "the only one that may call Bedrock"))
    drop = wiring.named("extract_payroll_file")
    yield Box(44, 516, 364, 94, "Build", (" → ".join(part.name for part in _built(wiring)), *_lake(_built(wiring))))
    if drop:
        yield Box(44, 626, 364, 76, "Payroll files from a drop folder", _lake(drop))
    endpoints = wiring.endpoints()
    if endpoints:
        free, paid = (", ".join(endpoints.get(kind, ())) for kind in ("Gateway", "Interface"))
        names = [name for name in paid.split(", ") if name]
        yield Box(44, 712, 364, 70, f"Endpoints: {free} (gateway)", (", ".join(names),), "aws")


def _built(wiring: Wiring) -> list[Part]:
    return [part for name in BUILDERS for part in wiring.named(name)]


def _outside(wiring: Wiring) -> Iterator[Box]:
    if wiring.named("webhook"):
        yield Box(468, 312, 190, 80, "webhook", ("checks the signature", *_lake(wiring.named("webhook"))))
        yield Box(468, 428, 190, 62, "coalesce", ("a burst is one change",))
    if wiring.named("connect"):
        yield Box(682, 312, 178, 80, "connect", ("OAuth pages; hands codes to the brokers",))
    brokers = len(wiring.named("token_broker"))
    yield Box(682, 428, 178, 80, f"token_broker × {brokers}", ("one system each: its secret, sealed tokens",))
    extractors = [part for part in wiring.zone("outside") if part.name.startswith("extract_")]
    yield Box(682, 544, 178, 112, f"extract × {len(extractors)}", ("one system each", *_lake(extractors)))
    if wiring.named("start_refresh"):
        schedule = next((each.properties["ScheduleExpression"] for each in wiring.all("AWS::Scheduler::Schedule")
                         if "scheduled" in each.properties["Target"]["Input"]), "")  # fmt: skip
        said = f"one runs, one waits; started by the queue, the end of a refresh and {schedule}"
        yield Box(468, 530, 190, 126, "start_refresh", (said,))


def _lake(parts: Sequence[Part]) -> tuple[str, ...]:
    """What of the lake is read and what is written, a line each."""
    return tuple(
        f"{verb} {', '.join(rooms)}"
        for verb, action in (("reads", "s3:GetObject"), ("writes", "s3:PutObject"))
        if (rooms := _rooms(parts, action))
    )


def _rooms(parts: Iterable[Part], action: str) -> list[str]:
    """The top folders of the lake, Athena's own results apart."""
    return sorted({prefix.split("/")[0] for part in parts for prefix in part.prefixes(action)} - {"athena"})


def _below(wiring: Wiring) -> Iterator[Box]:
    yield Box(468, 712, 190, 70, "Step Functions", ("refresh: retries, catch, redrive",), "aws")
    if wiring.all("AWS::Bedrock::Guardrail"):
        yield Box(24, 846, 128, 80, "Bedrock", ("one geography, guardrail",), "aws")
    tables = len(wiring.all("AWS::Glue::Table"))
    yield Box(168, 846, 140, 80, "Athena", (f"{tables} tables, own workgroup",), "aws")
    yield Box(324, 846, 228, 80, "Lake", ("S3, versioned; raw, index, tables, snapshots",))
    yield Box(568, 846, 150, 80, "State", ("DynamoDB: by family of keys",))
    secrets = len(wiring.all("AWS::SecretsManager::Secret"))
    yield Box(734, 846, 142, 80, "Secrets", (f"{secrets}, each read by one function",))
    dead = sum("DeadLetters" in each.path for each in wiring.all("AWS::SQS::Queue"))
    watch = len(wiring.all("AWS::CloudWatch::Alarm"))
    keys = len(wiring.all("AWS::KMS::Key"))
    said = f"Watched by {watch} alarms; {dead} dead-letter queues; encrypted under {keys} key of the tenant's own"
    yield Box(24, 946, 852, 40, said, (), "aws")


def _arrows(wiring: Wiring) -> Iterator[Arrow]:
    yield from _requests(wiring)
    yield from _events(wiring)
    yield from _storing(wiring)


def _requests(wiring: Wiring) -> Iterator[Arrow]:
    if wiring.all("AWS::CloudFront::Distribution"):
        yield Arrow(((114, 70), (114, 128)))
        yield Arrow(((204, 171), (222, 171)))
    yield Arrow(((357, 70), (357, 128)))
    yield Arrow(((325, 214), (325, 312)))
    if wiring.named("connect", "webhook"):
        yield Arrow(((428, 160), (771, 160), (771, 312)), "sign-in returns", (655, 178))
        yield Arrow(((428, 192), (563, 192), (563, 312)), "hooks", (516, 210))
        yield Arrow(((620, 70), (620, 108), (410, 108), (410, 128)), "webhooks", (545, 102))
    for host in wiring.named("agent_runtime", "answer"):
        if wiring.invokes("Api/Function", host):
            yield Arrow(((226, 370), (226, 404)), "asks", (236, 392), on="oni")


def _events(wiring: Wiring) -> Iterator[Arrow]:
    for first, second, points, at in (
        ("webhook", "coalesce", ((563, 392), (563, 428)), (572, 416)),
        ("coalesce", "start_refresh", ((563, 490), (563, 530)), (572, 516)),
    ):
        for one, other in zip(wiring.named(first), wiring.named(second), strict=False):
            if set(wiring.queues(one, sends=True)) & set(wiring.queues(other, sends=False)):
                yield Arrow(points, "queue", at, on="ono")
    brokers = wiring.named("token_broker")
    if any(wiring.invokes("Connect", broker) for broker in brokers):
        yield Arrow(((771, 392), (771, 428)))
    if any(wiring.invokes("Extract", broker) for broker in brokers):
        yield Arrow(((771, 544), (771, 508)), "token", (780, 532), on="ono")
    yield Arrow(((860, 600), (868, 600), (868, 70)), "reads", (826, 256))
    if any(part.may("states:StartExecution") for part in wiring.named("start_refresh")):
        yield Arrow(((563, 656), (563, 712)))
    if any(wiring.invokes("Machine", part) for part in _built(wiring)):
        yield Arrow(((468, 745), (438, 745), (438, 600), (408, 600)))
    if any(wiring.invokes("Machine", part) for part in wiring.zone("outside")):
        yield Arrow(((658, 745), (720, 745), (720, 656)))


def _storing(wiring: Wiring) -> Iterator[Arrow]:
    if any(part.may("bedrock:InvokeModel") for part in wiring.zone("inside")):
        yield Arrow(((88, 782), (88, 846)), "model", (96, 820))
    if any(part.may("athena:StartQueryExecution") for part in wiring.zone("inside")):
        yield Arrow(((238, 782), (238, 846)), "SQL", (246, 820))
        yield Arrow(((308, 886), (324, 886)), style="both")
    if any(part.prefixes("s3:GetObject") for part in wiring.zone("inside")):
        yield Arrow(((370, 782), (370, 846)), "reads, writes", (378, 820), style="both")
    if any(part.prefixes("s3:PutObject") for part in wiring.zone("outside")):
        yield Arrow(((815, 656), (815, 818), (520, 818), (520, 846)), "writes only its own part", (600, 810))


def main() -> None:
    """Synthesise, then write the picture where it is kept."""
    from aws_cdk import App

    from infra import app, tenants

    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
    with TemporaryDirectory() as folder:
        made = App(outdir=folder)
        app.build(made, tenants.load())
        made.synth()
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(draw(read(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
