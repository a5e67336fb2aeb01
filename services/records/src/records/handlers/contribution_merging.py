"""What a merge of two participants does to their contributions."""

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle
from ansinh_kit.event_store.store import EventStore

from records.domain.contributions import commands as asked
from records.domain.contributions.commands import ContributionCommand
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.state import Contributions
from records.handlers.contributing import contributions_stream
from records.handlers.merging import Merge


class MergeableContributions:
    """The contributions' part in a merge: close the duplicate's stream, then take over what was said in it."""

    def __init__(self, *, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def move(self, merge: Merge) -> None:
        """Close and hand over; what is called again finds its own commits and goes on."""
        now = self._clock.now()
        close = asked.MoveContributions(participant_id=merge.duplicate_id, to=merge.into, at=now)
        closed = await self._handle(merge, "contributions/close", merge.duplicate_id, close)
        take_over = asked.TakeOverContributions(
            participant_id=merge.into,
            from_participant=merge.duplicate_id,
            periods=closed.state.periods,
            earlier=closed.state.earlier,
            withdrawn=closed.state.withdrawn,
            also_from=closed.state.merged,
            at=now,
        )
        await self._handle(merge, "contributions/take_over", merge.into, take_over)

    async def _handle(
        self, merge: Merge, step: str, participant_id: str, command: ContributionCommand
    ) -> Handled[Contributions]:
        context = merge.context(step)
        return await handle(
            self._store,
            contributions_stream(participant_id),
            command,
            contributions_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
        )
