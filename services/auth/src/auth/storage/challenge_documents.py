"""Challenges as documents.

    {_id, purpose, subject: {…}, slot, account_id, person_id, target_version, device_thumbprint,
     code: {mac, key} | token_hash, message_id, masked_target, sendings, sent_at, handed_over_at, delivered_at,
     failed_at, retry_at, sms_range, tries, expires_at,
     ends_at, used_at, outgoing: {sealed, since}, delete_at}

`expires_at` is the end of the present code, `ends_at` that of the challenge. What is on its way to the person
stands in the same document (`outgoing`), so no crash comes between making a code and sending it.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Final, cast

from ansinh_kit.mongo import Document

from auth.domain.challenges import Challenge, Sending
from auth.domain.code_subjects import SUBJECTS, CodeSubject, SubjectT

COLLECTION: Final = "challenges"
_KEPT_AFTER_THE_END: Final = timedelta(days=1)


def to_document(challenge: Challenge[CodeSubject]) -> Document:
    """Return a challenge to which no code was sent yet."""
    return {
        "_id": challenge.challenge_id,
        "purpose": challenge.purpose,
        "subject": asdict(challenge.subject),
        "slot": challenge.slot,
        "account_id": challenge.account_id,
        "person_id": challenge.person_id,
        "target_version": challenge.target_version,
        "device_thumbprint": challenge.device_thumbprint,
        "code": None,
        "sendings": 0,
        "sent_at": None,
        "tries": 0,
        "expires_at": challenge.ends_at,
        "ends_at": challenge.ends_at,
        "used_at": None,
        "delete_at": challenge.ends_at + _KEPT_AFTER_THE_END,
    }


def sent_fields(sending: Sending, *, sendings: int) -> Document:
    sent: Document = {
        "message_id": sending.message_id,
        "masked_target": sending.masked_target,
        "sendings": sendings,
        "sent_at": sending.at,
        "handed_over_at": None,
        "delivered_at": None,
        "failed_at": None,
        "retry_at": None,
        "sms_range": sending.sms_range,
        "expires_at": sending.expires_at,
    }
    if sending.sealed is not None:
        sent["outgoing"] = {"sealed": sending.sealed, "since": sending.at}
    return sent


def of_document(document: Document) -> Challenge[CodeSubject]:
    return Challenge(
        challenge_id=document["_id"],
        subject=SUBJECTS[document["purpose"]](**document["subject"]),
        slot=document["slot"],
        account_id=document["account_id"],
        person_id=document["person_id"],
        target_version=document["target_version"],
        device_thumbprint=document["device_thumbprint"],
        ends_at=document["ends_at"],
        sendings=document["sendings"],
        tries=document["tries"],
        sent_at=document["sent_at"],
        used_at=document["used_at"],
    )


def typed(challenge: Challenge[CodeSubject], kind: type[SubjectT]) -> Challenge[SubjectT] | None:
    """Return the challenge as one of `kind`; `None` if it is about something else."""
    return cast("Challenge[SubjectT]", challenge) if isinstance(challenge.subject, kind) else None
