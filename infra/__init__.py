"""The CDK app: what runs in a contractor's own AWS account. Synthesis needs no account, no Docker and no network."""
