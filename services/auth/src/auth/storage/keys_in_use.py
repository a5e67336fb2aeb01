"""What still stands under keys that are being rotated out: nothing, before they may be taken out of the settings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database, translated

from auth.domain.contact_changes import OBJECTION_LIFE
from auth.storage.access_documents import COLLECTION as ACCESS
from auth.storage.challenge_documents import COLLECTION as CHALLENGES
from auth.storage.objections import COLLECTION as OBJECTIONS


@dataclass(frozen=True, slots=True)
class KeysInUse:
    """What stands under older keys.

    Attributes:
        passwords: Accounts with a password or a saved code, by the id of the pepper it was hashed with.
        codes: Live codes, by the id of their key.
        objections: Live objection codes made before the newest root key of the blind index came into use.
        unsent: Live codes that were sealed before, and are not with the broker yet.
    """

    passwords: dict[str, int]
    codes: dict[str, int]
    objections: int
    unsent: int


async def older_keys_in_use(
    database: Database, *, peppers: KeyList, code_keys: KeyList, index_since: datetime, now: datetime
) -> KeysInUse:
    """Count. A password comes under the newest pepper when its holder next logs in; codes die by themselves."""
    passwords, codes = {}, {}
    for pepper_id in _older(peppers):
        with_it = {"$regex": rf"^argon2id\${re.escape(pepper_id)}\$"}
        hashed = {"$or": [{"password": with_it}, {"saved_codes.hash": with_it}]}
        with translated():
            passwords[pepper_id] = await database[ACCESS].count_documents(hashed)
    for key_id in _older(code_keys):
        alive = {"code.key": key_id, "used_at": None, "expires_at": {"$gt": now}}
        with translated():
            codes[key_id] = await database[CHALLENGES].count_documents(alive)
    before = {"used_at": None, "ends_at": {"$gt": now, "$lte": index_since + OBJECTION_LIFE}}
    with translated():
        objections = await database[OBJECTIONS].count_documents(before)
    waiting = {"outgoing.since": {"$lt": index_since}, "expires_at": {"$gt": now}}
    with translated():
        unsent = await database[CHALLENGES].count_documents(waiting)
    return KeysInUse(passwords, codes, objections, unsent)


def _older(keys: KeyList) -> Iterable[str]:
    return (key.id for key in keys if key.id != keys.newest.id)
