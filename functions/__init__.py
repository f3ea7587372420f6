"""One folder = one Lambda = one state of the refresh; a handler parses, calls one step, returns."""
