"""The API: HTTP in, the rooms' own results out; the same resolver serves Lambda and the laptop.

A route parses, calls one function, returns. Who asks and of which tenant comes
from the authorizer, never from the request. Nothing is imported here: a worker
that only answers questions needs no Powertools.
"""
