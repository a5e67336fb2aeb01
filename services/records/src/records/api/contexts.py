"""What a route needs beside its body: under which commit id, on which version, as part of which request."""

from typing import Annotated

from ansinh_kit.http.idempotency import CommitId, FreshCommitId
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.http.versions import ExpectedVersion, RequiredVersion
from fastapi import Depends, Path

from records.handlers.context import CommandContext

ParticipantId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


async def _once(commit_id: FreshCommitId, metadata: RequestMetadata, version: ExpectedVersion) -> CommandContext:
    return CommandContext(commit_id, metadata, version)


async def _repeatable(commit_id: CommitId, metadata: RequestMetadata, version: ExpectedVersion) -> CommandContext:
    return CommandContext(commit_id, metadata, version)


async def _on_version(commit_id: CommitId, metadata: RequestMetadata, version: RequiredVersion) -> CommandContext:
    return CommandContext(commit_id, metadata, version)


OnceContext = Annotated[CommandContext, Depends(_once)]
"""For what may be done twice without harm."""
RepeatableContext = Annotated[CommandContext, Depends(_repeatable)]
"""`Idempotency-Key` is required: the same request again gets the same answer."""
OnVersionContext = Annotated[CommandContext, Depends(_on_version)]
"""`Idempotency-Key` and `If-Match` are required."""
