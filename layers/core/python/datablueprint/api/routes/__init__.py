"""The routes by theme. Each parses, calls one function, returns."""

from datablueprint.api.routes import (
    exports,
    figures,
    links,
    metrics,
    projects,
    questions,
    saved,
    scenarios,
    spec,
    start,
    status,
)

THEMES = (start, questions, saved, figures, metrics, projects, links, scenarios, status, exports, spec)
"""Modules with a `router`. A new theme is one file and one entry here."""
