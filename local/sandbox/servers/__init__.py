"""A simulated vendor is a store of records, an application that answers for it, and a listener on a real socket.

What comes in: plain JSON collections per vendor. What goes out: HTTP on
127.0.0.1 with each vendor's authentication, paging, limits and error bodies.
What never happens: a write. Everything but a token request is refused and
kept in the log as a write attempt.
"""
