"""Which account reads which record, by auth's id of the account's holder; and which accounts wait for an officer."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.offices import provincial_office
from records.domain.participant import events as happened


class AccountLinks:
    """`{person_id, participant_id, status: linked|held|refused, agency_code, province_agency, …}`, nothing personal.

    `agency_code` is that of the agency that has to compare a held link, `province_agency` the one above it.
    """

    name = "account_links"
    version = 2
    indexes: Sequence[ViewIndex] = (
        ViewIndex({"agency_code": 1, "status": 1, "since": 1}),
        ViewIndex({"province_agency": 1, "status": 1, "since": 1}),
    )
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"a link holds nothing personal: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case (
                happened.AccountLinked()
                | happened.AccountLinkHeld()
                | happened.AccountLinkRefused()
                | happened.AccountUnlinked()
            ) as concerned:
                return (concerned.person_id,)
            case happened.ParticipantMerged() as merged:
                return merged.accounts
            case happened.ParticipantForgotten() as forgotten:
                return tuple(account.person_id for account in forgotten.accounts)
            case _:
                return ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        del key
        match event.event:
            case happened.AccountLinked() as linked:
                return _link(linked, "linked")
            case happened.AccountLinkHeld() as held:
                return _link(held, "held") | {
                    "agency_code": held.agency_code,
                    "province_agency": provincial_office(held.agency_code),
                    "mismatches": list(held.mismatches),
                }
            case happened.AccountUnlinked() | happened.ParticipantForgotten():
                return None
            case happened.AccountLinkRefused():
                return None if document is None else document | {"status": "refused"}
            case happened.ParticipantMerged() as merged:
                # From the closing on, not from the arrival: the record an account reads is never a closed one.
                return None if document is None else document | {"participant_id": merged.into}
        return document


def _link(event: happened.AccountLinked | happened.AccountLinkHeld, status: str) -> Document:
    return {
        "person_id": event.person_id,
        "participant_id": event.participant_id,
        "declaration_id": event.declaration_id,
        "dossier_number": event.dossier_number,
        "status": status,
        "since": event.occurred_at,
    }
