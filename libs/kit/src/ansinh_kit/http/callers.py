"""What a route asks to know who is calling, and to turn away who may not.

All of these are coroutines though they wait for nothing, as every dependency is (`run_in_threads` in
`ansinh_kit.testing.routes` finds those that are not): FastAPI would run a plain function in a thread, and the hop there
and back costs a request more than the function does.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, ClassVar, Final, cast

from fastapi import Depends, Request
from starlette.types import Scope

from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.assertion import HEADER, AssertionVerifier, Caller, UnauthenticatedError

_STATE_KEY: Final = "caller"
_HEADER_NAME: Final = HEADER.lower().encode()


class CallerNotAllowedError(ForbiddenError):
    """The caller is of another kind, or lacks the role."""

    code: ClassVar[str] = "caller_not_allowed"


def identify(scope: Scope, verifier: AssertionVerifier) -> Caller:
    """Check the request's assertion and remember its caller for the routes.

    Raises:
        UnauthenticatedError: No assertion, more than one, or one that does not hold.
    """
    assertions = [value for name, value in scope["headers"] if name == _HEADER_NAME]
    if len(assertions) != 1:
        raise UnauthenticatedError(f"{len(assertions)} assertions")
    caller = verifier.verify(assertions[0].decode("latin-1"))
    scope.setdefault("state", {})[_STATE_KEY] = caller
    return caller


def caller_of(scope: Scope) -> Caller:
    """Return who is calling. Raises as `get_caller` does."""
    caller = scope.get("state", {}).get(_STATE_KEY)
    if caller is None:
        raise UnauthenticatedError("no caller on this route")
    return cast("Caller", caller)


async def get_caller(request: Request) -> Caller:
    """Return who is calling: anyone the gateway let through, guests included.

    Raises:
        UnauthenticatedError: The route is a public one, and nobody was identified.
    """
    return caller_of(request.scope)


AnyCaller = Annotated[Caller, Depends(get_caller)]


async def require_citizen(caller: AnyCaller) -> Caller:
    """Return the signed-in citizen.

    Raises:
        UnauthenticatedError: The caller is a guest.
        CallerNotAllowedError: The caller is not a citizen.
    """
    return require_kind(caller, "citizen")


async def require_service(caller: AnyCaller) -> Caller:
    """Return the calling service; for internal routes.

    Raises:
        UnauthenticatedError: The caller is a guest.
        CallerNotAllowedError: The caller is a person.
    """
    return require_kind(caller, "service")


def require_staff(*roles: str) -> Callable[[Caller], Awaitable[Caller]]:
    """Return a dependency that gives the member of staff who has at least one of `roles`; any role if none is named.

    Use as `Annotated[Caller, Depends(require_staff("officer"))]`.
    """

    async def staff(caller: AnyCaller) -> Caller:
        member = require_kind(caller, "staff")
        if roles and not set(roles) & set(member.roles):
            raise CallerNotAllowedError(f"needs one of {', '.join(roles)}")
        return member

    return staff


def require_integrator(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """Return a dependency that gives the integrator whose token is for `scope`."""

    async def integrator(caller: AnyCaller) -> Caller:
        found = require_kind(caller, "integrator")
        if scope not in found.scopes:
            raise CallerNotAllowedError(f"needs the scope {scope}")
        return found

    return integrator


CitizenCaller = Annotated[Caller, Depends(require_citizen)]
ServiceCaller = Annotated[Caller, Depends(require_service)]


def require_kind(caller: Caller, kind: str) -> Caller:
    """Return the caller if it is of this kind.

    Raises:
        UnauthenticatedError: It is a guest.
        CallerNotAllowedError: It is of another kind.
    """
    if caller.kind == kind:
        return caller
    if caller.kind == "guest":
        # Signing in may help a guest; it would not help anyone else.
        raise UnauthenticatedError(f"needs a {kind}")
    raise CallerNotAllowedError(f"needs a {kind}")
