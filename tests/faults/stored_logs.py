"""The logs as they lie in the database, read without the code that wrote them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from ansinh_kit.database import Database, Document
from ansinh_kit.mongo import MongoClient, connect

from tests.plugins.system import RunningSystem

SERVICES = ("auth", "registration", "notifications", "records")


@dataclass(frozen=True, slots=True)
class StoredEvent:
    stream: str
    version: int
    event_id: str
    commit_id: str
    event_type: str
    facts: dict[str, Any]


class Databases:
    """The databases of all services. Events are read anew with each call."""

    def __init__(self, system: RunningSystem, client: MongoClient) -> None:
        self._system = system
        self._client = client

    def of(self, service: str) -> Database:
        return self._client.database(self._system.database(service))

    async def commits(self, service: str) -> list[Document]:
        """Return the service's commits by position; tombstones are none."""
        return (
            await self.of(service)["commits"].find({"tombstone": {"$exists": False}}).sort([("position", 1)]).to_list()
        )

    async def events(self, service: str) -> list[StoredEvent]:
        """Return the service's events in the order of its log."""
        return [event for commit in await self.commits(service) for event in _events(commit)]

    async def last_position(self, service: str) -> int:
        last = await self.of(service)["commits"].find({}, {"position": 1}).sort([("position", -1)]).limit(1).to_list()
        return int(last[0]["position"]) if last else 0

    async def relayed_position(self, service: str) -> int:
        relay = await self.of(service)["relays"].find_one({"_id": service})
        return 0 if relay is None else int(relay["position"])

    async def persons(self, declarations: set[str]) -> dict[str, str]:
        """Return the person of each of these declarations, as `{person: declaration}`."""
        facts = [event.facts for event in await self.events("registration") if event.version == 1]
        return {
            fact["person_id"]: fact["declaration_id"] for fact in facts if fact.get("declaration_id") in declarations
        }

    async def parked(self, service: str) -> list[Document]:
        return await self.of(service)["parked_messages"].find({}, {"body": 0}).to_list()


@asynccontextmanager
async def databases(system: RunningSystem) -> AsyncIterator[Databases]:
    client = connect(system.mongodb_url, app_name="test-faults")
    try:
        yield Databases(system, client)
    finally:
        client.close()


def _events(commit: Document) -> list[StoredEvent]:
    return [
        StoredEvent(
            stream=commit["stream"],
            version=commit["version"] + index,
            event_id=event["id"],
            commit_id=commit["_id"],
            event_type=event["type"],
            facts=event["data"],
        )
        for index, event in enumerate(commit["events"])
    ]
