"""New root keys of the blind index: every number is reserved anew under the newest one, and never unreserved between.

The numbers stand in the events that first told them, so the log is what is gone through: in order, from any position.
With a person's numbers go the seats of their contacts, as the contacts are now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansinh_kit.clock import Clock
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.re_indexing import Moves, ReIndexed, through_the_log

from auth.domain.account import AccountOpened
from auth.domain.e_id.events import EIdLinked
from auth.domain.staff import StaffEnrolled
from auth.domain.staff_roster.events import MemberEnrolled, MemberInvited
from auth.handlers.contact_seats import ContactSeats
from auth.storage.identities import Identities, IdentityKey


@dataclass(frozen=True, slots=True)
class _Holding:
    """Whose the numbers are, and the person whose data key the event is encrypted with."""

    owner: str
    subject: str
    keys: Sequence[IdentityKey]


class ReIndexing:
    def __init__(
        self,
        *,
        store: EventStore,
        identities: Identities,
        seats: ContactSeats,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._store = store
        self._identities = identities
        self._seats = seats
        self._cipher = cipher
        self._clock = clock

    async def __call__(self, *, after: int = 0, report: Callable[[ReIndexed], None]) -> ReIndexed:
        """Move every reservation that stands under an older key; tell after each page how far it is.

        May run beside the service and may be repeated: what stands under the newest key is left alone.

        Raises:
            AlreadyReservedError: A number belongs to two accounts under two keys: an operator has to look.
        """
        return await through_the_log(self._store, self._move_all, after=after, report=report)

    async def _move_all(self, events: Sequence[RecordedEvent]) -> Moves:
        return Moves(moved=sum([await self._move(recorded) for recorded in events]))

    async def _move(self, recorded: RecordedEvent) -> int:
        holding = self._holding(recorded)
        if holding is None:
            return 0
        moved = 0
        for key in holding.keys:
            moved += await self._identities.move_to_newest(key, owner=holding.owner, commit_id=recorded.commit_id)
        if isinstance(recorded.event, AccountOpened):
            moved += await self._seats.move_to_newest(
                holding.owner, commit_id=recorded.commit_id, now=self._clock.now()
            )
        if moved and await self._cipher.is_forgotten(holding.subject):
            # Forgotten after the event was read: what was just reserved is theirs no more.
            await self._identities.release_all(holding.owner)
        return moved

    def _holding(self, recorded: RecordedEvent) -> _Holding | None:
        event = recorded.event
        match event:
            case AccountOpened() if event.social_insurance_number != ERASED:
                number = self._identities.of_insurance_number(event.social_insurance_number)
                identity = self._identities.of_identity(event.identity_kind, event.identity_number)
                return _Holding(event.account_id, event.person_id, (number, identity))
            case EIdLinked() if event.subject != ERASED:
                linked = self._identities.of_e_id(event.issuer, event.subject)
                return _Holding(event.account_id, event.person_id, (linked,))
            case StaffEnrolled() | MemberEnrolled() | MemberInvited() if event.user_name != ERASED:
                return _Holding(event.staff_id, event.staff_id, (self._identities.of_staff(event.user_name),))
            case _:
                return None
