"""Evaluations of observations at any scale, by the editions in force: the same law as `standards`, worked out in integers."""
