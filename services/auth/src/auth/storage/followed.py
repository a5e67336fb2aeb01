"""How far somebody has followed a stream, so that after a kill they go on where they were."""

from ansinh_kit.mongo import Database, DuplicateKeyError, translated


class Followed:
    def __init__(self, database: Database, stream_id: str) -> None:
        self._collection = database["followed"]
        self._id = {"_id": stream_id}

    async def prepare(self) -> None:
        """Make the document; harmless when it is there."""
        try:
            with translated():
                await self._collection.insert_one({**self._id, "version": 0})
        except DuplicateKeyError:
            return

    async def version(self) -> int:
        with translated():
            document = await self._collection.find_one(self._id)
        return 0 if document is None else int(document["version"])

    async def advance(self, version: int) -> None:
        """Note that everything up to `version` was followed; never backwards."""
        with translated():
            await self._collection.update_one({**self._id, "version": {"$lt": version}}, {"$set": {"version": version}})
