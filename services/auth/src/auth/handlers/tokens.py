"""Secrets that are looked up by their hash: 32 random bytes behind a prefix that says what they are (LIM-18)."""

import secrets
from typing import Final

SESSION_PREFIX: Final = "sit_"
ACTIVATION_PREFIX: Final = "act_"
INVITATION_PREFIX: Final = "inv_"
RECOVERY_PREFIX: Final = "rec_"
E_ID_PREFIX: Final = "eid_"
INTEGRATOR_CREDENTIAL: Final = "igs_"
INTEGRATOR_ACCESS: Final = "igt_"
_BYTES: Final = 32


def new_session_token() -> str:
    return SESSION_PREFIX + secrets.token_urlsafe(_BYTES)


def new_activation_token() -> str:
    return ACTIVATION_PREFIX + secrets.token_urlsafe(_BYTES)


def new_invitation_token() -> str:
    return INVITATION_PREFIX + secrets.token_urlsafe(_BYTES)


def new_recovery_token() -> str:
    return RECOVERY_PREFIX + secrets.token_urlsafe(_BYTES)


def new_e_id_secret() -> str:
    return E_ID_PREFIX + secrets.token_urlsafe(_BYTES)


def new_integrator_secret() -> str:
    return INTEGRATOR_CREDENTIAL + secrets.token_urlsafe(_BYTES)


def new_integrator_token() -> str:
    return INTEGRATOR_ACCESS + secrets.token_urlsafe(_BYTES)
