"""The part of an account's document that recovery, locks and compromised passwords are about.

    {password_epoch, password_compromised, lock: {by, before}, saved_codes: [{place, hash}],
     approval: {recovery_id, opens_at, ends_at}}

A document from before there was any of it has none: it reads as an account nobody locked with nothing saved.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

from ansinh_kit.mongo import Document

from auth.domain.access.state import Access, AccountLock, RecoveryApproval


class RecoveryState(TypedDict):
    """Those fields of `Access`."""

    password_epoch: int
    password_compromised: bool
    lock: AccountLock | None
    saved_codes: tuple[int, ...]
    approval: RecoveryApproval | None


def recovery_state(document: Mapping[str, Any]) -> RecoveryState:
    approval = document.get("approval")
    return RecoveryState(
        password_epoch=document.get("password_epoch", 0),
        password_compromised=document.get("password_compromised", False),
        lock=_lock(document),
        saved_codes=tuple(code["place"] for code in document.get("saved_codes", ())),
        approval=None if approval is None else RecoveryApproval(**approval),
    )


def saved_hashes(document: Mapping[str, Any]) -> dict[int, str]:
    """Return the hash of each saved code that is good, by its place."""
    return {code["place"]: code["hash"] for code in document.get("saved_codes", ())}


def stored_recovery_state(
    after: Access, before: Mapping[str, Any], new_hashes: Mapping[int, str] | None = None
) -> Document:
    """Return what is to be set after a change.

    Args:
        before: The document as it is.
        new_hashes: Hashes of a new list of saved codes; `None` if the change made none.
    """
    hashes = saved_hashes(before) if new_hashes is None else new_hashes
    return {
        "password_epoch": after.password_epoch,
        "password_compromised": after.password_compromised,
        "lock": after.lock and after.lock.model_dump(),
        "saved_codes": [{"place": place, "hash": hashes[place]} for place in after.saved_codes],
        "approval": after.approval and after.approval.model_dump(),
    }


def _lock(document: Mapping[str, Any]) -> AccountLock | None:
    lock = document.get("lock")
    if lock is not None:
        return AccountLock(**lock)
    return AccountLock(by="staff", before="active") if document["status"] == "locked" else None
