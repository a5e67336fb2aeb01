"""Callers with dull values; a test states only what it is about."""

from ansinh_kit.http.assertion import Caller

REQUEST_ID = "request-1"


def a_guest(*, request_id: str = REQUEST_ID) -> Caller:
    return Caller(kind="guest", request_id=request_id)


def a_citizen(
    *, account_id: str = "account-1", person_id: str = "person-1", epoch: int = 1, request_id: str = REQUEST_ID
) -> Caller:
    return Caller(kind="citizen", request_id=request_id, account_id=account_id, person_id=person_id, epoch=epoch)


def an_officer(
    *,
    account_id: str = "officer-1",
    agency_code: str = "079",
    roles: tuple[str, ...] = ("officer",),
    request_id: str = REQUEST_ID,
) -> Caller:
    return Caller(
        kind="staff", request_id=request_id, account_id=account_id, agency_code=agency_code, roles=roles, epoch=1
    )


def an_integrator(
    *, account_id: str = "integrator-1", scopes: tuple[str, ...] = ("profile",), request_id: str = REQUEST_ID
) -> Caller:
    return Caller(kind="integrator", request_id=request_id, account_id=account_id, scopes=scopes, epoch=1)


def a_service(*, name: str = "gateway", request_id: str = REQUEST_ID) -> Caller:
    return Caller(kind="service", request_id=request_id, account_id=name)
