"""The declarant's commands up to sending: start, fill in, attach a photo, correct, withdraw."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.errors import DomainError, FieldViolation, InvalidFieldsError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from registration.domain.declaration import commands as asked
from registration.domain.declaration.decide import declaration_decider
from registration.domain.declaration.decide_for_declarant import refuse_unwelcome_photo
from registration.domain.declaration.errors import DeclarationNotFoundError
from registration.domain.declaration.events import PhotoAttached
from registration.domain.declaration.state import Declaration
from registration.domain.form import Form, FormEntries, check_form
from registration.domain.language import Language
from registration.domain.photos import PhotoKind
from registration.domain.rules.address import KNOWN_UNIT
from registration.domain.rules.codes import KNOWN_AGENCY
from registration.handlers.context import CommandContext, declaration_stream
from registration.storage.open_declarations import OpenDeclarations
from registration.storage.photo_cleaner import Cleaner
from registration.storage.photos import Photos
from registration.storage.reference import Reference

_TOKEN_PREFIX: Final = "dct_"  # noqa: S105  # the visible start of every token, not a secret
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class StartedDeclaration:
    """`token` is told once and not kept: whoever has it may go on with the declaration."""

    declaration_id: str
    token: str
    version: int


def hash_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def declaration_held_by(token: str, declaration_id: str, store: EventStore) -> Declaration:
    """Return the declaration if `token` is its declarant's.

    Raises:
        DeclarationNotFoundError: There is none, or the token is another's: the two cannot be told apart.
    """
    loaded = await load(store, declaration_stream(declaration_id), declaration_decider)
    if not loaded.state.is_held_by(hash_of_token(token)):
        raise DeclarationNotFoundError
    return loaded.state


class Drafting:
    def __init__(
        self,
        *,
        store: EventStore,
        clock: Clock,
        ids: IdGenerator,
        reference: Reference,
        cleaner: Cleaner,
        photos: Photos,
        open_declarations: OpenDeclarations,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._reference = reference
        self._cleaner = cleaner
        self._photos = photos
        self._open_declarations = open_declarations

    async def start(self, language: Language, metadata: Metadata) -> StartedDeclaration:
        """Begin an empty draft. Asked twice it makes two: they hold nothing, and sending is what counts."""
        declaration_id = self._ids.new_id()
        token = _TOKEN_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        command = asked.StartDeclaration(
            declaration_id=declaration_id,
            person_id=self._ids.new_id(),
            token_hash=hash_of_token(token),
            language=language,
            at=self._clock.now(),
        )
        handled = await self._handle(declaration_id, command, CommandContext(self._ids.new_id(), metadata))
        return StartedDeclaration(declaration_id, token, handled.version)

    async def fill_in(
        self, declaration_id: str, token: str, entries: FormEntries, context: CommandContext
    ) -> Handled[Declaration]:
        """Check every field, then replace the draft's form or correct what was rejected.

        Raises:
            InvalidFieldsError: Names every field that breaks a rule; nothing is kept.
        """
        await declaration_held_by(token, declaration_id, self._store)
        form = check_form(entries)
        await self._refuse_unknown_codes(form)
        return await self._handle(declaration_id, asked.FillInForm(form=form, at=self._clock.now()), context)

    async def attach_photo(
        self, declaration_id: str, token: str, kind: PhotoKind, upload: bytes, context: CommandContext
    ) -> Handled[Declaration]:
        """Keep a clean, encrypted copy of the photo; the upload itself is kept nowhere.

        Raises:
            PhotoRefusedError: The upload is not a photo, or breaks a limit; nothing is kept.
        """
        before = await declaration_held_by(token, declaration_id, self._store)
        refuse_unwelcome_photo(kind, len(upload), before)
        clean = await self._cleaner.clean(kind, upload)
        photo = await self._photos.keep(
            clean, person_id=before.person_id, declaration_id=declaration_id, uploaded_bytes=len(upload)
        )
        try:
            handled = await self._handle(
                declaration_id, asked.AttachPhoto(kind=kind, photo=photo, at=self._clock.now()), context
            )
        except DomainError:
            # Refused after all (a rival request was quicker): no event names the file, so it must not stay.
            await self._photos.remove(photo)
            raise
        if handled.state.status == "draft":
            await self._remove_replaced(declaration_id, kind, version=handled.version)
        return handled

    async def withdraw(self, declaration_id: str, token: str, context: CommandContext) -> Handled[Declaration]:
        """Take the declaration back; the person may then declare anew."""
        await declaration_held_by(token, declaration_id, self._store)
        handled = await self._handle(declaration_id, asked.WithdrawDeclaration(at=self._clock.now()), context)
        await self._open_declarations.release(handled.state.form, declaration_id=declaration_id)
        return handled

    async def _remove_replaced(self, declaration_id: str, kind: PhotoKind, *, version: int) -> None:
        """Remove the file of the photo that the one attached at `version` took the place of.

        The stream tells which: what was there before the upload may have been replaced by a rival in between. A photo
        that was rejected is not replaced but stays, as what the decision was about.
        """
        recorded = await self._store.read_stream(declaration_stream(declaration_id))
        earlier = [each.event for each in recorded if each.version < version]
        photos = [event.photo for event in earlier if isinstance(event, PhotoAttached) and event.kind == kind]
        if photos:
            await self._photos.remove(photos[-1])

    async def _handle(
        self, declaration_id: str, command: asked.DeclarationCommand, context: CommandContext
    ) -> Handled[Declaration]:
        return await handle(
            self._store,
            declaration_stream(declaration_id),
            command,
            declaration_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )

    async def _refuse_unknown_codes(self, form: Form) -> None:
        violations: list[FieldViolation] = []
        if form.agency_code is not None and await self._reference.find_agency(form.agency_code) is None:
            violations.append(FieldViolation("agency_code", KNOWN_AGENCY.name))
        if form.address is not None:
            wards = await self._reference.units(
                form.address.layout,
                province_code=form.address.province_code,
                district_code=form.address.district_code,
            )
            # Where no units are loaded for the place, its codes cannot be judged, and the pattern has to do.
            if wards and not any(ward.code == form.address.ward_code and not ward.is_district for ward in wards):
                violations.append(FieldViolation("address.ward_code", KNOWN_UNIT.name))
        if violations:
            raise InvalidFieldsError(violations)
