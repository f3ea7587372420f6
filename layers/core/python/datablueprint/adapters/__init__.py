"""One small class per port and place: the laptop's kind and the AWS kind behave alike, and one test says so.

boto3 and duckdb are imported inside constructors: a handler pays only for what it uses.
"""
