"""A new wrapping key: every wrapped key is written anew, no personal value is touched. Source: PII-07."""

from collections.abc import Callable

from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import Database, Document, translated
from ansinh_kit.personal_data.mongo_keyring import ACTIVE, COLLECTION, key_context, wrapped_entry, wrapped_key_of
from ansinh_kit.personal_data.wrapping import KeyWrapper


async def rewrap_all(
    database: Database,
    wrapper: KeyWrapper,
    *,
    batch_size: int = 500,
    report: Callable[[int], None] = lambda _written: None,
) -> int:
    """Write every data key anew under the newest wrapping key; return how many people's keys were written.

    Afterwards the older wrapping keys can be taken out of the settings. May run beside the services and may be
    repeated: a person whose keys change meanwhile is met again in the next batch. A run that was ended is gone on
    with by the next one: what is done is not found again. `report` is told after each batch how many it were.

    Raises:
        WrappingKeyError: A key is wrapped by a wrapping key that is no longer configured.
        UnavailableError: The server did not answer, or a whole batch was changed by others: run it again.
    """
    collection = database[COLLECTION]
    outdated = {"status": ACTIVE, "keys": {"$elemMatch": {"wrapping_key": {"$ne": wrapper.newest_id}}}}
    written = 0
    while True:
        with translated():
            batch = await collection.find(outdated).limit(batch_size).to_list(batch_size)
        if not batch:
            return written
        before_batch = written
        for document in batch:
            keys = [await _rewrapped(document["_id"], entry, wrapper) for entry in document["keys"]]
            # The old array in the filter: a renewal or an erasure since then must not be written over.
            unchanged = {"_id": document["_id"], "status": ACTIVE, "keys": document["keys"]}
            with translated():
                result = await collection.update_one(unchanged, {"$set": {"keys": keys}})
            written += result.modified_count
        if written == before_batch:
            raise UnavailableError("keyring")
        report(written)


async def _rewrapped(subject_id: str, entry: Document, wrapper: KeyWrapper) -> Document:
    context = key_context(subject_id, entry["version"])
    material = await wrapper.unwrap(wrapped_key_of(entry), context=context)
    return wrapped_entry(entry["version"], await wrapper.wrap(material, context=context))
