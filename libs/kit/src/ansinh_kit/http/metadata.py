"""Who did it, and as part of which request: what the log keeps beside every event."""

from typing import Annotated

from fastapi import Depends

from ansinh_kit.events import Metadata
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.request_context import current_request


async def metadata_of(caller: AnyCaller) -> Metadata:
    request = current_request()
    return Metadata(
        correlation_id=caller.request_id,
        actor=caller.actor,
        traceparent=None if request is None else request.traceparent,
    )


RequestMetadata = Annotated[Metadata, Depends(metadata_of)]
