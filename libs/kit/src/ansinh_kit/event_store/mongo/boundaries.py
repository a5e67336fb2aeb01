"""What this process knows about where commits end: it keeps versions dense without a read per append."""

from collections import OrderedDict
from enum import Enum, auto
from typing import Final

_STREAMS: Final = 20_000


class Knowledge(Enum):
    BOUNDARY = auto()
    PASSED = auto()
    UNKNOWN = auto()


class Boundaries:
    """The greatest version of each stream at which a commit is known to end. Forgets the least used streams.

    The unique index on (stream, version) refuses a second commit after the same version. It cannot refuse one after a
    version that lies inside a commit, or beyond the head. But "a commit of this stream ends at version n" never
    becomes false, so whoever has seen it once may rely on it for ever: a command that has just read the stream needs
    no second question, and nothing here ever needs to be invalidated.
    """

    def __init__(self, *, streams: int = _STREAMS) -> None:
        self._streams = streams
        self._ends: OrderedDict[str, int] = OrderedDict()

    def note(self, stream_id: str, version: int) -> None:
        """Remember that a commit of the stream ends at `version`."""
        self._ends[stream_id] = max(version, self._ends.get(stream_id, 0))
        self._ends.move_to_end(stream_id)
        if len(self._ends) > self._streams:
            self._ends.popitem(last=False)

    def about(self, stream_id: str, version: int) -> Knowledge:
        """Return whether a commit may follow `version`: yes, no because one already did, or ask the server."""
        end = self._ends.get(stream_id, 0)
        if version == end:
            return Knowledge.BOUNDARY
        return Knowledge.PASSED if version < end else Knowledge.UNKNOWN
