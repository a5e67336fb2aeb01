"""Builders of commits with dull defaults."""

from itertools import count

from ansinh_kit.event_store.commit_log import Commit, CommitLog, NewCommit, StoredEvent

_numbers = count(1)


def commit_of(
    *names: str, stream: str = "room-1", after: int = 0, commit_id: str | None = None, actor: str | None = None
) -> NewCommit:
    """Return a commit of one event per name, e.g. `commit_of("opened", "painted", after=3)`."""
    commit_id = commit_id or f"commit-{next(_numbers)}"
    return NewCommit(
        stream_id=stream,
        expected_version=after,
        events=[
            StoredEvent(event_id=f"{commit_id}/{index}", event_type=name, schema_version=1, data={"name": name})
            for index, name in enumerate(names or ("happened",))
        ],
        commit_id=commit_id,
        metadata={"correlation_id": "story-1", "causation_id": None, "actor": actor, "traceparent": None},
    )


async def read_everything(log: CommitLog, *, after: int = 0, limit: int = 500) -> list[Commit]:
    """Return all commits, page by page, as the relay or a projector would."""
    commits: list[Commit] = []
    while True:
        page = await log.read_after(after, limit=limit)
        if page.read_through == after:
            return commits
        commits.extend(page.commits)
        after = page.read_through


def names(commits: list[Commit]) -> list[str]:
    return [event.event_type for commit in commits for event in commit.events]
