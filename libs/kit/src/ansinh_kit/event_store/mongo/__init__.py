"""The log on MongoDB: one document per commit, group commit, readers that never pass a hole. Source: ADR-0001.

- `log`: `MongoCommitLog`, the adapter.
- `writer`: the one task of a process that writes groups of commits; `positions`: the counter it reserves from.
- `reader`: the contiguous prefix, and the tombstones that close holes left by dead writers.
- `snapshots`: `MongoSnapshots`, states of long streams.
- `boundaries`: what is known about where commits of a stream end; `bell`: news that something was written.
"""

from ansinh_kit.event_store.mongo.log import MongoCommitLog
from ansinh_kit.event_store.mongo.snapshots import MongoSnapshots

__all__ = ["MongoCommitLog", "MongoSnapshots"]
