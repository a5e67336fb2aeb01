"""Forgetting a person of the running system: the records decide and tell the others; here it is waited for."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.mongo_keyring import COLLECTION, ERASED

from devtools.errors import ToldError
from devtools.processes.process import Command

_FORGET_SECONDS: Final = 120
_OTHERS_SECONDS: Final = 60
_LOOK_SECONDS: Final = 0.2
HOLDERS_OF_ACCOUNTS: Final = ("registration", "auth", "notifications")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`person_ids` are the holder's ids outside the records; for a restricted record there are none to forget."""

    state: str
    participant_ids: tuple[str, ...]
    person_ids: tuple[str, ...] = ()


def forget(services: Mapping[str, Command], who: str, legal_basis: str | None) -> Outcome:
    """Have the person forgotten, or the record restricted if there is no legal basis for deletion.

    Declarations that never became valid are found first, by the person's numbers: afterwards nobody knows these.

    Raises:
        ToldError: It was refused, or is not proven, or a service could not be asked.
    """
    wish: dict[str, object] = {"who": who, "legal_basis": legal_basis}
    if legal_basis is not None:
        numbers = _asked(services["records"], "numbers", {"who": who})
        wish |= _asked(services["registration"], "declarations-of", numbers)
    answer = _asked(services["records"], "forget", wish)
    if answer["state"] == "restricted":
        return Outcome("restricted", (answer["participant_id"],))
    return Outcome("forgotten", tuple(answer["participant_ids"]), tuple(answer["person_ids"]))


def _asked(service: Command, command: str, question: Mapping[str, object]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", service.name, command],
        cwd=service.directory,
        env=dict(service.environment),
        # Not as an argument: everyone on the machine can list those.
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        timeout=_FORGET_SECONDS,
    )
    if done.returncode != 0:
        why = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "failed"
        raise ToldError(f"{service.name}: {why}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def wait_for_others(services: Mapping[str, Command], person_ids: Collection[str]) -> None:
    """Return when the keys of these people are destroyed in every service that knows accounts.

    Raises:
        ToldError: One did not come to it in time; it will, when it runs again.
    """
    for name in HOLDERS_OF_ACCOUNTS:
        if not asyncio.run(_forgotten(services[name], person_ids)):
            raise ToldError(f"{name} has not forgotten yet: see ./dev status and ./dev ops parked, then forget again")


async def _forgotten(service: Command, person_ids: Collection[str]) -> bool:
    prefix = service.name.upper()
    client = connect(service.environment[f"{prefix}_MONGODB_URL"], app_name="dev-ops")
    keys = client.database(service.environment[f"{prefix}_KEYRING_DATABASE"])[COLLECTION]
    erased = {"_id": {"$in": list(person_ids)}, "status": ERASED}
    deadline = time.monotonic() + _OTHERS_SECONDS
    try:
        while await keys.count_documents(erased) < len(person_ids):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        client.close()
    return True
