"""The officer's commands, and the officer's reads: each read is an event before it is an answer (PII-10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, Loaded, handle, load
from ansinh_kit.event_store.store import EventStore

from registration.domain.access import AccessCommand, Purpose, RecordPhotoView, RecordReading, access_decider
from registration.domain.declaration import commands as asked
from registration.domain.declaration.commands import Officer
from registration.domain.declaration.decide import declaration_decider
from registration.domain.declaration.decide_for_officer import dossier_for, refuse_unless_in_charge
from registration.domain.declaration.errors import DeclarationNotFoundError
from registration.domain.declaration.state import Declaration
from registration.domain.photos import PhotoKind
from registration.domain.reasons import ReasonEntry, check_reasons
from registration.handlers.context import CommandContext, access_stream, declaration_stream
from registration.handlers.place_names import place_names
from registration.storage.photos import Photos
from registration.storage.reference import Reference


@dataclass(frozen=True, slots=True)
class PhotoShown:
    jpeg: bytes
    kind: PhotoKind


class Reviewing:
    def __init__(self, *, store: EventStore, clock: Clock, photos: Photos, reference: Reference) -> None:
        self._store = store
        self._clock = clock
        self._photos = photos
        self._reference = reference

    async def claim(self, declaration_id: str, officer: Officer, context: CommandContext) -> Handled[Declaration]:
        return await self._handle(
            declaration_id, asked.ClaimDeclaration(officer=officer, at=self._clock.now()), context
        )

    async def release(self, declaration_id: str, officer: Officer, context: CommandContext) -> Handled[Declaration]:
        return await self._handle(
            declaration_id, asked.ReleaseDeclaration(officer=officer, at=self._clock.now()), context
        )

    async def find_valid(self, declaration_id: str, officer: Officer, context: CommandContext) -> Handled[Declaration]:
        """Decide that the declaration is valid: `auth` opens the account from the event, `records` links the record."""
        form = (await self._known(declaration_id, officer)).form
        names = await place_names(form, self._reference)
        command = asked.FindDeclarationValid(officer=officer, names=names, at=self._clock.now())
        return await self._handle(declaration_id, command, context)

    async def reject(
        self, declaration_id: str, officer: Officer, entries: Sequence[ReasonEntry], context: CommandContext
    ) -> Handled[Declaration]:
        """Decide that the declaration is not accepted as it is.

        Raises:
            InvalidFieldsError: A reason names an unknown field or code, or has no words where it needs them.
        """
        state = await self._known(declaration_id, officer)
        reasons = check_reasons(entries, state.language)
        return await self._handle(
            declaration_id, asked.RejectDeclaration(officer=officer, reasons=reasons, at=self._clock.now()), context
        )

    async def read(self, declaration_id: str, officer: Officer, context: CommandContext) -> Loaded[Declaration]:
        """Return the declaration for the officer in charge; that it was read is in the log when this returns."""
        loaded = await self._in_charge(declaration_id, officer)
        await self._record(
            declaration_id,
            RecordReading(
                declaration_id=declaration_id,
                person_id=loaded.state.person_id,
                officer=officer,
                at=self._clock.now(),
            ),
            context,
        )
        return loaded

    async def view_photo(
        self, declaration_id: str, kind: PhotoKind, purpose: Purpose, officer: Officer, context: CommandContext
    ) -> PhotoShown:
        """Return a photo for the officer in charge; that it was viewed is in the log before it is decrypted.

        Raises:
            PhotoGoneError: The file is no longer kept.
        """
        loaded = await self._in_charge(declaration_id, officer)
        photo = loaded.state.sent_photos.get(kind)
        if photo is None:
            raise DeclarationNotFoundError
        await self._record(
            declaration_id,
            RecordPhotoView(
                declaration_id=declaration_id,
                person_id=loaded.state.person_id,
                officer=officer,
                kind=kind,
                file_id=photo.file_id,
                purpose=purpose,
                at=self._clock.now(),
            ),
            context,
        )
        return PhotoShown(await self._photos.read(photo, person_id=loaded.state.person_id), kind)

    async def _known(self, declaration_id: str, officer: Officer) -> Declaration:
        """Return the declaration if the officer may know of it.

        Asked before anything else: 412 for a wrong version and 404 for the right one would tell that it is there.
        """
        loaded = await load(self._store, declaration_stream(declaration_id), declaration_decider)
        dossier_for(officer, loaded.state)
        return loaded.state

    async def _in_charge(self, declaration_id: str, officer: Officer) -> Loaded[Declaration]:
        loaded = await load(self._store, declaration_stream(declaration_id), declaration_decider)
        refuse_unless_in_charge(officer, loaded.state)
        return loaded

    async def _record(self, declaration_id: str, command: AccessCommand, context: CommandContext) -> None:
        await handle(
            self._store,
            access_stream(declaration_id),
            command,
            access_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
        )

    async def _handle(
        self, declaration_id: str, command: asked.OfficerCommand, context: CommandContext
    ) -> Handled[Declaration]:
        await self._known(declaration_id, command.officer)
        return await handle(
            self._store,
            declaration_stream(declaration_id),
            command,
            declaration_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )
