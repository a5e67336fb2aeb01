"""How each refusal is told. Statuses come from the kit's table; the words are ours. Each part has its own rows."""

from collections.abc import Mapping

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer, ErrorTable


def error_table(*parts: Mapping[type[DomainError], Answer]) -> ErrorTable:
    """Return the table with the rows of every part, as `http_app` names them."""
    return ErrorTable({error: answer for part in parts for error, answer in part.items()})


def refused(vi: str, en: str) -> Answer:
    """Return the answer for what the present state does not allow."""
    return Answer(409, "Refused", Bilingual(vi, en))


def gone(vi: str, en: str) -> Answer:
    """Return the answer for what is not there, or not for this caller to know of."""
    return Answer(404, "Not found", Bilingual(vi, en))


def forbidden(vi: str, en: str) -> Answer:
    """Return the answer for what this caller may not do."""
    return Answer(403, "Not allowed", Bilingual(vi, en))


def slow_down(vi: str, en: str) -> Answer:
    """Return the answer for what was asked too often."""
    return Answer(429, "Slow down", Bilingual(vi, en))
