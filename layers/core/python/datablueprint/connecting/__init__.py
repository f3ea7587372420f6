"""The pages on which an administrator connects the systems.

In: who is signed in, what the vendors send back. Out: pages, and a code handed
to the system's broker. Never: a secret, a token, or a word of what was sent in
a log.
"""
