"""What takes in the rows of a file: into the log, or into a rehearsal of it that leaves no trace."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from typing import TypeAlias

from ansinh_kit.clock import Clock
from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.reservations import Reservations

from records.domain.bulk.columns import Columns
from records.domain.bulk.refusals import FileRefusedError, Refusal
from records.domain.bulk.rules import KIND_NOT_TAKEN
from records.domain.imports.events import FileKindName, ImportStarted
from records.handlers.importing.feeder import Feeder
from records.storage.rehearsal import RehearsalLog
from records.storage.rehearsed_reservations import RehearsedReservations

FeedersOver: TypeAlias = Callable[[EventStore, Reservations], Mapping[FileKindName, Feeder]]
"""Gives what takes in each kind of row, over the store and the reservations that are written to."""


class Staging:
    """Gives each import its feeder: the one of its kind of file, or a rehearsing one for a dry run."""

    def __init__(
        self, *, store: EventStore, reservations: Reservations, clock: Clock, feeders_over: FeedersOver
    ) -> None:
        self._store = store
        self._reservations = reservations
        self._clock = clock
        self._feeders_over = feeders_over
        self._feeders = feeders_over(store, reservations)

    def columns_of(self, kind: FileKindName) -> Columns:
        """Return the columns a file of this kind may have.

        Raises:
            FileRefusedError: Files of this kind are not taken in.
        """
        if kind not in self._feeders:
            raise FileRefusedError(Refusal(1, KIND_NOT_TAKEN))
        return self._feeders[kind].columns

    @contextmanager
    def of(self, started: ImportStarted) -> Iterator[Feeder]:
        """Give the feeder; what a dry run has written through it is gone afterwards."""
        if not started.dry_run:
            yield self._feeders[started.kind]
            return
        with ExitStack() as stack:

            def rehearsed(log: CommitLog) -> RehearsalLog:
                return stack.enter_context(closing(RehearsalLog(log, self._clock)))

            reservations = RehearsedReservations(self._reservations, self._clock)
            yield self._feeders_over(self._store.over(rehearsed), reservations)[started.kind]
