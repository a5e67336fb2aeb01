"""A log in memory whose process can be killed at any append: before it, or after it but before the answer."""

from collections.abc import Awaitable, Callable
from typing import Literal

from ansinh_kit.clock import Clock
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, NewCommit
from ansinh_kit.event_store.memory import InMemoryCommitLog


class MortalLog(InMemoryCommitLog):
    """Lives for ever unless told to die. `before_bar` is what a rival does just before a commit is barred, once."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._appends_left: int | None = None
        self._moment: Literal["before", "after"] = "before"
        self.before_bar: Callable[[], Awaitable[None]] | None = None

    def die(self, moment: Literal["before", "after"], *, append: int) -> None:
        """Die once, at the `append`th append from now, counting from 1."""
        self._appends_left, self._moment = append, moment

    async def append(self, commit: NewCommit) -> AppendOutcome:
        if self._appends_left is not None:
            self._appends_left -= 1
        dies = self._appends_left == 0
        if dies:
            self._appends_left = None
        if dies and self._moment == "before":
            raise UnavailableError("log")
        outcome = await super().append(commit)
        if dies:
            raise UnavailableError("log")
        return outcome

    async def bar(self, commit_id: str) -> Commit | None:
        rival, self.before_bar = self.before_bar, None
        if rival is not None:
            await rival()
        return await super().bar(commit_id)
