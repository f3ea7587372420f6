"""Measurements, never tests: how fast and how well, beside what others do with the same tables."""
