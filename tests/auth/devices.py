"""Devices of one account, as tests of take-overs see them."""

from tests.auth.service import AuthService


async def first_device(auth: AuthService) -> str:
    """Return the token of the one device that is logged in."""
    await auth.active_account()
    return str((await auth.log_in()).json()["token"])


async def state(auth: AuthService, token: str) -> str:
    """Return what the gateway would be told about the token."""
    return str((await auth.verdict(token))["state"])
