"""The names of one invented contractor, small enough to see what a question may mean."""

from __future__ import annotations

from datetime import date

from datablueprint.agent.vocabulary import ProjectName, Vocabulary

TODAY = date(2026, 11, 19)
"""A Thursday."""
PROJECTS = (
    ProjectName("24-017", "Harbor Clinic", "active", "Tidewater Health", ("Dana Reyes",)),
    ProjectName("24-021", "Riverside Elementary School Phase 1", "active", "Kestrel County", ("Omar Lind",)),
    ProjectName("25-003", "Riverside Elementary School Phase 2", "active", "Kestrel County", ("Omar Lind",)),
    ProjectName("25-010", "Lakeview Tower", "active", "Bluewater Partners", ("Dana Reyes",), "gmp"),
    ProjectName("25-014", "Data Center Hall", "closed", "Bluewater Partners", ("Priya Hill",)),
    ProjectName("26-001", "Sunset Medical Office Building", "not started", "Tidewater Health", ("Priya Hill",)),
    ProjectName("2024-044", "Marigold Hotel", "closed", "Larch Hospitality", ("Omar Lind",)),
    ProjectName("7", "Tiny Shed", "active", "", ()),
)
VOCABULARY = Vocabulary(
    projects=PROJECTS,
    managers=("Dana Reyes", "Omar Lind", "Priya Hill"),
    customers=("Bluewater Partners", "Kestrel County", "Larch Hospitality", "Tidewater Health"),
    vendors=("Quarry Road Rebar Inc", "Silver Pine Plumbing LLC"),
    codes={
        "03-300": "Cast-in-place concrete",
        "06-100": "Rough carpentry",
        "09-200": "Gypsum board",
        "26-100": "Electrical",
    },
    leaves={
        "24-017": frozenset([("03-300", "L"), ("03-300", "M"), ("06-100", "L"), ("26-100", "S")]),
        "25-010": frozenset([("03-300", "M"), ("26-100", "S")]),
    },
    changes={"24-017": {"001": "approved", "003": "pending"}, "25-010": {"002": "pending"}},
    newest=TODAY,
    oldest_known=date(2026, 1, 31),
)
