"""How long a function is busy importing: its handler, and what its first event asks for on top.

Run after `make synth`: `python -m benchmarks.bench_cold [ROUNDS [DIR]]`. Seconds
of the processor, the fastest of the rounds, in new processes that find only
what the function's own layers bring.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

from infra import templates
from tests.infra import fresh
from tests.infra.test_import_time import BARE, BARE_NEEDS


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    assembly = SimpleNamespace(directory=sys.argv[2] if len(sys.argv) > 2 else str(templates.OUT))
    bare = min(fresh.seconds(BARE, folder=None, allowed=BARE_NEEDS) for _ in range(rounds))
    print(f"{'bare boto3 + Powertools':<28}{bare:7.3f} s")
    seen: set[str] = set()
    for made in fresh.deployed(assembly):
        if made.folder.name in seen:
            continue
        seen.add(made.folder.name)
        allowed, given = fresh.packages(made.dependencies), fresh.environment(made)
        own = min(fresh.seconds("import handler", folder=made.folder, allowed=allowed) for _ in range(rounds))
        first = min(
            fresh.seconds(fresh.FIRST, folder=made.folder, allowed=allowed, environment=given) for _ in range(rounds)
        )
        print(f"{made.folder.name:<28}{own:7.3f} s{own / bare:6.2f}x   with its first event {first:6.3f} s")


if __name__ == "__main__":
    main()
