"""Exports over HTTP: the sheets, made of what the reading routes answer, the files, and the public check."""
