"""What the API takes and gives, as published in /openapi.json.

What is given may grow: a client ignores keys that it does not know. What is
taken may not: an unknown key is refused, because it is a misspelled one.
"""
