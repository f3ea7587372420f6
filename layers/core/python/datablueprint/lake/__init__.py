"""What the sources sent, untouched, and the typed tables made of it; the lake never decides what a record means.

In: records as text. Out: raw Parquet, append-only, and immutable snapshots of tables.
"""
