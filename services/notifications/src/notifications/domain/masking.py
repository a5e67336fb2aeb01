"""Targets as they may be shown and kept: enough for their owner to know them, too little for anybody else."""

from typing import Final

_SHOWN_END: Final = 2


def masked(target: str) -> str:
    """Return `090 *** **18` for a phone number, `m***@example.vn` for a mail address."""
    name, at, host = target.rpartition("@")
    if at:
        return f"{name[:1]}***@{host}"
    national = "0" + target.removeprefix("+84")
    return f"{national[:3]} *** **{national[-_SHOWN_END:]}"
