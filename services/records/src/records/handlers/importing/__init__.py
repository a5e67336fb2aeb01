"""Bulk files into the log: read in chunks, each row checked and decided, what happened told row by row."""
