"""What a route needs beside its body: who asks, under which commit id, on which version, with which token."""

from typing import Annotated, cast

from ansinh_kit.clock import IdGenerator
from ansinh_kit.events import Metadata
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.idempotency import CommitId
from ansinh_kit.http.request_context import current_request
from ansinh_kit.http.versions import ExpectedVersion, RequiredVersion
from fastapi import Depends, FastAPI, Header, Path, Request

from registration.handlers.context import CommandContext

DeclarationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
# Optional on purpose: without it the answer is that of a wrong one, and says nothing about what is stored.
Token = Annotated[str, Header(alias="Declaration-Token", max_length=64)]


def give_ids(app: FastAPI, ids: IdGenerator) -> None:
    """Let the app's routes draw commit ids where the client names none."""
    app.state.ids = ids


def metadata_of(caller: AnyCaller) -> Metadata:
    request = current_request()
    return Metadata(
        correlation_id=caller.request_id,
        actor=caller.actor,
        traceparent=None if request is None else request.traceparent,
    )


def _once(request: Request, caller: AnyCaller, version: ExpectedVersion) -> CommandContext:
    ids = cast("IdGenerator", request.app.state.ids)
    return CommandContext(ids.new_id(), metadata_of(caller), version)


def _repeatable(caller: AnyCaller, commit_id: CommitId, version: ExpectedVersion) -> CommandContext:
    return CommandContext(commit_id, metadata_of(caller), version)


def _on_version(caller: AnyCaller, commit_id: CommitId, version: RequiredVersion) -> CommandContext:
    return CommandContext(commit_id, metadata_of(caller), version)


OnceContext = Annotated[CommandContext, Depends(_once)]
"""For what may be done twice without harm: replacing a form, a photo, a read."""
RepeatableContext = Annotated[CommandContext, Depends(_repeatable)]
"""`Idempotency-Key` is required: the same request again gets the same answer."""
OnVersionContext = Annotated[CommandContext, Depends(_on_version)]
"""`Idempotency-Key` and `If-Match` are required."""
