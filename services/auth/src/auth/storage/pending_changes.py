"""The second half of every change of access: the event in the log, exactly once, whatever was killed in between.

The document holds what is still to be recorded. Each mark names its commit id and the version it follows, so doing
it twice, or by two processes, records it once, and in order. Source: SES-03, ADR-0005.
"""

from datetime import datetime

import structlog
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata
from ansinh_kit.mongo import Database, Document, translated

from auth.domain.access.state import stream_of
from auth.domain.access_events import ACCESS_EVENTS, ToldToHolder
from auth.domain.contact_changes import OBJECTION_LIFE
from auth.storage.access_documents import COLLECTION
from auth.storage.holders import Holders
from auth.storage.objections import ObjectionDocuments

log = structlog.get_logger(__name__)

_REGISTRY = EventRegistry.of(ACCESS_EVENTS)


class PendingChanges:
    def __init__(
        self, database: Database, *, store: EventStore, holders: Holders, objections: ObjectionDocuments
    ) -> None:
        self._collection = database[COLLECTION]
        self._store = store
        self._holders = holders
        self._objections = objections

    async def record(self, account_id: str) -> None:
        """Append what is pending for the account, oldest first; when this returns it stands in the log.

        Raises:
            UnavailableError: Some of it is still pending; the sweep goes on with it.
        """
        with translated():
            document = await self._collection.find_one({"_id": account_id}, {"pending": 1})
        for mark in [] if document is None else document["pending"]:
            await self._record(account_id, mark)

    async def record_if_possible(self, account_id: str) -> None:
        """Do as `record`, but leave it to the sweep if the log cannot be reached: the document has decided."""
        try:
            await self.record(account_id)
        except UnavailableError as error:
            log.warning("access_change_not_recorded_yet", account_id=account_id, dependency=error.dependency)

    async def record_older_than(self, moment: datetime, *, limit: int = 100) -> int:
        """Finish what a killed process left behind; return how many accounts that were."""
        query = {"pending.made_at": {"$lt": moment}}
        with translated():
            documents = await self._collection.find(query, {"_id": 1}).limit(limit).to_list(None)
        for document in documents:
            await self.record(document["_id"])
        return len(documents)

    async def _record(self, account_id: str, mark: Document) -> None:
        await self._store.append(
            stream_of(account_id),
            await self._events(account_id, mark),
            expected_version=mark["expected_version"],
            commit_id=mark["commit_id"],
            metadata=Metadata(correlation_id=mark["correlation_id"], actor=mark["actor"]),
        )
        with translated():
            await self._collection.update_one(
                {"_id": account_id}, {"$pull": {"pending": {"commit_id": mark["commit_id"]}}}
            )

    async def _events(self, account_id: str, mark: Document) -> list[DomainEvent]:
        events = []
        for marked in mark["events"]:
            event = _REGISTRY.class_for(marked["type"], 1).model_validate(marked["facts"])
            events.append(await self._with_contact(account_id, event, mark["commit_id"]))
        return events

    async def _with_contact(self, account_id: str, event: DomainEvent, commit_id: str) -> DomainEvent:
        """Fill in whom to tell: known from the account, and never kept in the mark. Whoever is told can object."""
        if not isinstance(event, ToldToHolder) or not event.must_be_told():
            return event
        holder = await self._holders.find(account_id)
        if holder is None:
            return event
        contacts = {"phone": holder.phone, "email": holder.email, "second_phone": holder.value("second_phone")}
        key_id = await self._objections.prepare(holder, commit_id, ends_at=event.occurred_at + OBJECTION_LIFE)
        told = {**contacts, "full_name": holder.full_name, "language": holder.language, "objection_key": key_id}
        return event.model_copy(update=told)
