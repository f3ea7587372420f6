"""Names that one stack must know of another: by rule, so that no stack waits for the other."""

from __future__ import annotations


def database(tenant: str) -> str:
    """Of the Glue catalog, which takes no dashes in names that SQL writes without quotes."""
    return f"datablueprint_{tenant.replace('-', '_')}"


def workgroup(tenant: str) -> str:
    """Of Athena."""
    return f"datablueprint-{tenant}"


def functions(tenant: str) -> str:
    """How the names of the tenant's functions begin: CloudFormation puts the stack's name there."""
    return f"{tenant}-service-"


def runtime(tenant: str) -> str:
    """Of the AgentCore runtime, which takes letters, digits and underscores."""
    return f"{tenant.replace('-', '_')}_agent"
