"""What was measured: one long table of observations, appended and never changed, read as it was known at any instant.

Runs without Django. `store` keeps and reads, `importing` brings files in, `quality` flags, `assessing` evaluates by the standards.
"""
