"""`python -m records forget`: what an operator does when a person is to be forgotten.

Whom it concerns comes as JSON on stdin, `{"who", "legal_basis", "declarations"}`, because a list of processes shows
arguments. The answer is a line of JSON: `{"state": "forgotten", "participant_ids", "person_ids"}`, or
`{"state": "restricted", …}`. `python -m records numbers` answers `{"who"}` with `{"numbers": [{"kind", "number"}]}`:
other services find by them what else names the person, before it is too late to ask.
"""

import json
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Final, get_args

from ansinh_kit.errors import DomainError, UnavailableError
from ansinh_kit.events import Metadata
from pydantic import BaseModel, ConfigDict, ValidationError

from records.app import Process
from records.domain.codes import SOCIAL_INSURANCE_NUMBER
from records.domain.free_text import written_reason
from records.domain.papers import PaperKind
from records.domain.participant.details import insurance_key
from records.domain.participant.errors import ParticipantNotFoundError
from records.domain.participant.events import ForgottenAccount
from records.domain.rules import RuleBrokenError
from records.handlers.forgetting import StillReadableError

# What other services call the kinds of numbers; papers that bear the citizen number are looked for as citizen cards.
_KINDS: Final = {"citizen_number": "citizen_id"} | {f"identity_paper/{kind}": kind for kind in get_args(PaperKind)}
_PARTICIPANT_ID: Final = re.compile(r"[0-9a-f]{32}")
_INSURANCE_NUMBER: Final = re.compile(r"[0-9]{10}")


class Wish(BaseModel):
    """`who` is a participant's id or a social insurance number; without a legal basis the record is restricted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str
    legal_basis: str | None = None
    declarations: tuple[ForgottenAccount, ...] = ()


async def forget_person(process: Process) -> None:
    """Do what stdin asks. Exits with code 1 and a sentence on stderr if it cannot be done; it names nobody."""
    await _answer(process, _done)


async def tell_numbers(process: Process) -> None:
    """Tell the numbers of whom stdin names, likewise. They go to whoever reads stdout and nowhere else."""
    await _answer(process, _numbers)


async def _answer(process: Process, work: Callable[[Process, Wish], Awaitable[dict[str, object]]]) -> None:
    foundation = process.foundation
    try:
        await foundation.log.start()
        answer = await work(process, Wish.model_validate_json(sys.stdin.read()))
    except ValidationError:
        sys.exit("stdin must hold who is meant, and the legal basis if there is one")
    except RuleBrokenError as broken:
        sys.exit(f"{broken.rule.message.en} {broken.rule.way_out.en}")
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; not all of it may be done: do it again")
    except StillReadableError as error:
        sys.exit(f"not proven, still readable: {', '.join(error.where)}; do it again")
    except DomainError as error:
        sys.exit(f"refused: {error.code}")
    finally:
        await foundation.log.close()
        foundation.client.close()
    sys.stdout.write(json.dumps(answer) + "\n")


async def _done(process: Process, wish: Wish) -> dict[str, object]:
    forgetting, ids = process.forgetting, process.foundation.ids
    metadata = Metadata(correlation_id=ids.new_id(), actor="operator")
    participant_id = await _named(process, wish.who.strip())
    if wish.legal_basis is None:
        return {"state": "restricted", "participant_id": await forgetting.restrict(participant_id, metadata=metadata)}
    legal_basis = written_reason(wish.legal_basis)
    forgotten = await forgetting.forget(
        participant_id, legal_basis=legal_basis, metadata=metadata, declarations=wish.declarations
    )
    return {
        "state": "forgotten",
        "participant_ids": list(forgotten.participant_ids),
        "person_ids": list(forgotten.person_ids),
    }


async def _numbers(process: Process, wish: Wish) -> dict[str, object]:
    numbers = await process.forgetting.numbers(await _named(process, wish.who.strip()))
    return {"numbers": [{"kind": _KINDS.get(scope, scope), "number": number} for scope, number in sorted(numbers)]}


async def _named(process: Process, who: str) -> str:
    if _PARTICIPANT_ID.fullmatch(who):
        return who
    if not _INSURANCE_NUMBER.fullmatch(who):
        raise RuleBrokenError(SOCIAL_INSURANCE_NUMBER)
    found = await process.use_cases.participants.find_by_number(insurance_key(who))
    if found is None:
        raise ParticipantNotFoundError
    return found.participant_id
