"""The base of errors meant for a person at a terminal."""


class ToldError(Exception):
    """Its message says what went wrong and what to do next; `./dev` shows it without a trace."""
