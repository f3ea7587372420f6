"""`python -m local` is `datablueprint`, for those who have not installed it."""

from __future__ import annotations

from local.cli import run

run()
