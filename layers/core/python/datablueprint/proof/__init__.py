"""Proof: the second pair of eyes, which re-adds every figure from raw records before it is shown.

In: a figure's proof tree, the facts of a snapshot, and the raw payloads. Out: a
verdict with every discrepancy. It shares no line of code with the rooms that
made the facts and figures.
"""
