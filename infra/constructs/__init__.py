"""One construct per capability; each reads like a list of decisions."""
