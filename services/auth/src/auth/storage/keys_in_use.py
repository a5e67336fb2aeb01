"""What still stands under keys that are being rotated out: nothing, before they may be taken out of the settings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database, translated

from auth.storage.access_documents import COLLECTION as ACCESS
from auth.storage.challenge_documents import COLLECTION as CHALLENGES


@dataclass(frozen=True, slots=True)
class KeysInUse:
    """How many passwords, by the id of their pepper, and how many live codes, by that of their key; older keys only."""

    passwords: dict[str, int]
    codes: dict[str, int]


async def older_keys_in_use(database: Database, *, peppers: KeyList, code_keys: KeyList, now: datetime) -> KeysInUse:
    """Count. A password comes under the newest pepper when its holder next logs in; a code dies within minutes."""
    passwords, codes = {}, {}
    for pepper_id in _older(peppers):
        hashed_with_it = {"password": {"$regex": rf"^argon2id\${re.escape(pepper_id)}\$"}}
        with translated():
            passwords[pepper_id] = await database[ACCESS].count_documents(hashed_with_it)
    for key_id in _older(code_keys):
        alive = {"code.key": key_id, "used_at": None, "expires_at": {"$gt": now}}
        with translated():
            codes[key_id] = await database[CHALLENGES].count_documents(alive)
    return KeysInUse(passwords, codes)


def _older(keys: KeyList) -> Iterable[str]:
    return (key.id for key in keys if key.id != keys.newest.id)
