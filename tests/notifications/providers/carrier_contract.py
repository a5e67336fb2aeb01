"""What every provider promises, told once: the memory one and the real ones pass the same tests."""

from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from notifications.providers.port import Accepted, NotFound, NotProcessed, NoTrace, Provider, Rejected, Unknown

Parcel = TypeVar("Parcel")


class Carrier(Protocol[Parcel]):
    """The carrier behind a provider, with its moods."""

    @property
    def provider(self) -> Provider[Parcel]: ...

    def parcel(self, number: int) -> Parcel: ...
    def taken(self) -> list[str]:
        """Return the ids or texts of what was really taken, in order."""
        ...

    def refuse_for_now(self) -> None: ...
    def refuse_for_good(self) -> None: ...
    def take_and_hang_up(self) -> None: ...
    async def go_away(self) -> None: ...


class CarrierContract(Generic[Parcel]):
    """Subclasses give the `carrier` fixture and say whether the carrier can be asked afterwards."""

    traceable: bool

    async def test_a_message_is_taken_once_and_named(self, carrier: Carrier[Parcel]) -> None:
        outcome = await carrier.provider.send(carrier.parcel(1))
        assert isinstance(outcome, Accepted)
        assert outcome.provider == carrier.provider.name
        assert outcome.provider_message_id
        assert len(carrier.taken()) == 1

    async def test_a_refusal_for_now_was_not_processed(self, carrier: Carrier[Parcel]) -> None:
        carrier.refuse_for_now()
        assert isinstance(await carrier.provider.send(carrier.parcel(1)), NotProcessed)
        assert carrier.taken() == []

    async def test_a_refusal_for_good_is_final(self, carrier: Carrier[Parcel]) -> None:
        carrier.refuse_for_good()
        assert isinstance(await carrier.provider.send(carrier.parcel(1)), Rejected)
        assert carrier.taken() == []

    async def test_an_answer_lost_after_the_hand_over_is_unknown(self, carrier: Carrier[Parcel]) -> None:
        carrier.take_and_hang_up()
        assert isinstance(await carrier.provider.send(carrier.parcel(1)), Unknown)
        assert len(carrier.taken()) == 1

    async def test_a_carrier_that_cannot_be_reached_has_not_processed(self, carrier: Carrier[Parcel]) -> None:
        await carrier.go_away()
        assert isinstance(await carrier.provider.send(carrier.parcel(1)), NotProcessed)

    async def test_a_look_up_finds_what_was_taken_and_nothing_else(self, carrier: Carrier[Parcel]) -> None:
        carrier.take_and_hang_up()
        await carrier.provider.send(carrier.parcel(1))
        since = datetime.now(UTC) - timedelta(minutes=1)
        found = await carrier.provider.look_up(carrier.parcel(1), since=since)
        missed = await carrier.provider.look_up(carrier.parcel(2), since=since)
        if self.traceable:
            assert isinstance(found, Accepted)
            assert isinstance(missed, NotFound)
        else:
            assert (found, missed) == (NoTrace(), NoTrace())
