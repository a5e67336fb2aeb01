"""Everyone and everything the chapters need: devices, people, the mailbox, and what was learnt on the way."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from devtools.story.browser import Answer, Device
from devtools.story.mailbox import Mailbox
from devtools.story.people import Citizen, Officer
from devtools.story.report import Report


@dataclass
class Record:
    """The citizen's insurance record, and a child's that is not in the citizen's charge any more."""

    participant_id: str = ""
    child_id: str = ""
    period_ids: dict[str, str] = field(default_factory=dict)

    def own(self, part: str) -> str:
        """Return where the citizen reads a part of it."""
        return f"/records/v1/participants/me/{part}"

    def opened(self, part: str) -> str:
        """Return where staff read a part of it, under an opening."""
        return f"/records/v1/participants/{self.participant_id}/{part}"

    def fed(self, part: str) -> str:
        """Return where the agency feeds a part of it."""
        return f"/records/v1/staff/participants/{self.participant_id}/{part}"


@dataclass
class Cast:
    """The story's present state. Chapters read what earlier ones wrote; `secrets_seen` is what must never leak."""

    report: Report
    mailbox: Mailbox
    citizen: Citizen
    officer: Officer
    stranger: Officer
    guest: Device
    first_phone: Device
    second_phone: Device
    office: Device
    other_office: Device
    mail_mark: int = 0
    declaration_id: str = ""
    dossier_number: str = ""
    version: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    record: Record = field(default_factory=Record)
    secrets_seen: set[str] = field(default_factory=set)

    @property
    def declaration_path(self) -> str:
        return f"/registration/v1/declarations/{self.declaration_id}"

    @property
    def officer_path(self) -> str:
        return f"/registration/v1/officer/declarations/{self.declaration_id}"

    def told(self, words: str) -> str:
        """Remember a personal value for the search for leaks, and return it."""
        self.secrets_seen.add(words)
        return words

    def saw(self, secret: str) -> str:
        """Remember a code, token or link for the search for leaks, and return it."""
        self.secrets_seen.add(secret)
        return secret

    def once(self) -> dict[str, str]:
        """Return a fresh `Idempotency-Key` header."""
        return {"Idempotency-Key": secrets.token_hex(16)}

    def personal_values(self) -> set[str]:
        """Return every personal value and secret of this run: none may stand in a log or in the clear on the bus."""
        citizen = self.citizen
        return self.secrets_seen | {
            citizen.social_insurance_number,
            citizen.citizen_number,
            citizen.full_name,
            citizen.phone,
            citizen.phone[1:],
            citizen.phone_e164,
            citizen.email,
            citizen.password,
        }


def problem_code(answer: Answer) -> str:
    return str(answer.body.get("code"))


def problem_fields(answer: Answer) -> set[str]:
    return {str(error["field"]) for error in answer.body.get("errors", [])}
