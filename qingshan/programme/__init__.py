"""A district's content as a folder of data: read, checked, loaded."""
