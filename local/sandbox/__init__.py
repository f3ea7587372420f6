"""One invented contractor and the vendors' systems that each show a part of it."""
