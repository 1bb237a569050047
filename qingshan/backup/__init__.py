"""All that a home holds, as one archive that any database of the same version can take."""
