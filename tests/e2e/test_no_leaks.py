"""PII-09, OTC-04, I8: what the story was about stands in no log, on no queue in the clear, in no database."""

import json
import re
from collections.abc import Iterable

import pytest
from ansinh_kit.mongo import connect

from tests.e2e.telling import tell
from tests.e2e.wire import tapped
from tests.plugins.system import RunningSystem

# How the driver shows a moment; its fraction of a second would look like a code.
_TIMES = re.compile(r"datetime\.datetime\([^)]*\)")

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.sec("PII-09")
@pytest.mark.sec("OTC-04")
@pytest.mark.sec("PII-08")
@pytest.mark.sec("PII-03")
async def test_no_personal_value_code_token_or_password_is_in_logs_on_the_bus_or_in_the_database(
    system: RunningSystem,
) -> None:
    async with tapped(system) as seen:
        cast = await tell(system)
    canaries = cast.personal_values()

    assert len(seen.bodies) > 0
    assert found_in(canaries, (body.decode(errors="replace") for body in seen.bodies)) == set()
    assert found_in(canaries, logs(system)) == set()
    assert found_in(canaries, await stored_documents(system)) == set()


def found_in(canaries: set[str], texts: Iterable[str]) -> set[str]:
    """Return the canaries that stand in a text as a word of their own: as they are, or as JSON would write them.

    A code has six digits only, and so has the fraction of a second: a part of a longer number is no find.
    """
    forms = {form: canary for canary in canaries for form in (canary, json.dumps(canary)[1:-1])}
    search = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})(?!\w)")
    return {forms[match] for text in texts for match in search.findall(_TIMES.sub("", text))}


def logs(system: RunningSystem) -> list[str]:
    # The sandbox is the citizen's phone and mail program: what it shows is what was sent.
    return [
        path.read_text(encoding="utf-8", errors="replace")
        for name, path in system.log_files.items()
        if name != "sandbox"
    ]


async def stored_documents(system: RunningSystem) -> list[str]:
    client = connect(system.mongodb_url, app_name="test-leaks")
    texts: list[str] = []
    for service in ("auth", "registration", "notifications", "records"):
        database = client.database(system.database(service))
        for name in await database.list_collection_names():
            texts += [repr(document) for document in await database[name].find({}).to_list()]
    client.close()
    assert texts
    return texts
