"""`python -m local` is `datablueprint`, for those who have not installed it."""

from __future__ import annotations

import sys

from local.cli import main

sys.exit(main())
