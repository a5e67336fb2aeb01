"""The one shape of an e-mail address that every mail server accepts."""

import re
from typing import Final

_MAX_CHARACTERS: Final = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_LOCAL_MAX_CHARACTERS: Final = 64  # RFC 5321, 4.5.3.1.1
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+[A-Za-z]{{2,63}})")


def normal_email(raw: str) -> str | None:
    """Return the address, its domain in lower case; `None` if it is none.

    Quoted local parts and address literals are not accepted.
    """
    address = raw.strip(" ")
    match = _ADDRESS.fullmatch(address) if len(address) <= _MAX_CHARACTERS else None
    if match is None or len(match["local"]) > _LOCAL_MAX_CHARACTERS:
        return None
    return f"{match['local']}@{match['domain'].lower()}"
