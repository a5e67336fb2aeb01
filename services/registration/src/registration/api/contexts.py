"""What a route needs beside its body: who asks, under which commit id, on which version, with which token."""

from typing import Annotated

from ansinh_kit.http.idempotency import CommitId, FreshCommitId
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.http.versions import ExpectedVersion, RequiredVersion
from fastapi import Depends, Header, Path

from registration.handlers.context import CommandContext

DeclarationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
# Optional on purpose: without it the answer is that of a wrong one, and says nothing about what is stored.
Token = Annotated[str, Header(alias="Declaration-Token", max_length=64)]


async def _once(commit_id: FreshCommitId, metadata: RequestMetadata, version: ExpectedVersion) -> CommandContext:
    return CommandContext(commit_id, metadata, version)


async def _repeatable(commit_id: CommitId, metadata: RequestMetadata, version: ExpectedVersion) -> CommandContext:
    return CommandContext(commit_id, metadata, version)


async def _on_version(commit_id: CommitId, metadata: RequestMetadata, version: RequiredVersion) -> CommandContext:
    return CommandContext(commit_id, metadata, version)


OnceContext = Annotated[CommandContext, Depends(_once)]
"""For what may be done twice without harm: replacing a form, a photo, a read."""
RepeatableContext = Annotated[CommandContext, Depends(_repeatable)]
"""`Idempotency-Key` is required: the same request again gets the same answer."""
OnVersionContext = Annotated[CommandContext, Depends(_on_version)]
"""`Idempotency-Key` and `If-Match` are required."""
