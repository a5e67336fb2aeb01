"""The HTTP edge of auth: bodies in, use cases called, answers and texts out. No rule is decided here."""
