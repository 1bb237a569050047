"""Figures and counted items that somebody published, reported or simulated; rows are added, never changed."""
