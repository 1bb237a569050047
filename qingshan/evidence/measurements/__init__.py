"""Measurements on their way in: files that the monitoring body sends, mappings it keeps, values under a flag that it looks at."""
