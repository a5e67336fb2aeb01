"""An operator's own list of breached passwords, read once at the start (LIM-03): no service is ever asked."""

from pathlib import Path

from auth.domain.passwords import folded, normalised


def read_breached_passwords(path: Path | None, *, shortest: int) -> frozenset[str]:
    """Return the folded passwords of the file that the length rule would let pass; none if there is no file.

    Raises:
        OSError: The file cannot be read. A list that was asked for and is missing must not go unnoticed.
    """
    if path is None:
        return frozenset()
    with path.open(encoding="utf-8", errors="replace") as lines:
        passwords = (normalised(line.rstrip("\r\n")) for line in lines)
        return frozenset(folded(password) for password in passwords if len(password) >= shortest)
