"""One of two processes that make keys for the same twenty people at once; prints a digest of each key."""

import asyncio
import hashlib
import sys

from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper


async def race(mongo_url: str, database_name: str) -> None:
    client = connect(mongo_url, app_name="keyring-racer")
    await client.ping()
    keyring = MongoKeyring(client.database(database_name), LocalKeyWrapper(KeyList((NamedKey("2025", b"o" * 32),))))
    print("ready", flush=True)  # noqa: T201 - the test waits for this line
    sys.stdin.readline()
    for subject in range(20):
        key = await keyring.data_key(f"{subject:032x}")
        print(hashlib.sha256(key.material).hexdigest(), flush=True)  # noqa: T201 - this is the answer
    client.close()


if __name__ == "__main__":
    asyncio.run(race(sys.argv[1], sys.argv[2]))
