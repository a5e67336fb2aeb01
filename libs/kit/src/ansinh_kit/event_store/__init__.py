"""The event store: one document per commit, one global order, nothing acknowledged is ever lost.

`CommitLog` is the port (memory and MongoDB behind it, one contract suite for both); `EventStore` is what
services use: typed events, encryption, upcasting and snapshots over any `CommitLog`.
"""
