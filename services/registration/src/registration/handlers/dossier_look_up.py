"""How far a dossier is: asked by its number and the phone it was declared with, without an account (V-09)."""

from collections.abc import Iterable
from datetime import timedelta
from hmac import compare_digest
from typing import Final, Protocol

from ansinh_kit.clock import Clock
from ansinh_kit.database import Document
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.throttling.port import Throttling
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from registration.handlers.context import declaration_stream
from registration.projections.declarant_overview import DeclarantOverview, declarant_overview

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# Carriers put many people behind one address. A dossier is asked about by few: more would be trying its phone.
_PER_ADDRESS: Final[Throttle] = Windows((Window(30, _HOUR), Window(100, _DAY)))
_PER_DOSSIER: Final[Throttle] = Windows((Window(5, _HOUR), Window(10, _DAY)))


class KnownDossiers(Protocol):
    async def get(self, key: str) -> Document | None:
        """Return which declaration has this dossier number; `None` if none has."""
        ...


class DossierLookUp:
    def __init__(
        self,
        *,
        store: EventStore,
        dossiers: KnownDossiers,
        throttles: Throttling,
        blind_index: BlindIndex,
        clock: Clock,
    ) -> None:
        self._store = store
        self._dossiers = dossiers
        self._throttles = throttles
        self._blind_index = blind_index
        self._clock = clock

    async def find(self, dossier_number: str, phone: str, *, address: str) -> DeclarantOverview | None:
        """Return the dossier as its declarant may see it; `None` if there is none, or its phone is another: not told.

        Args:
            phone: In E.164.

        Raises:
            TooManyAttemptsError: Too often from this address, or about this number, whether there is a dossier or not.
            UnavailableError: It could not be counted, so it must not be answered.
        """
        for key, throttle in self._counted(dossier_number, address):
            await self._throttles.admit(key, throttle, self._clock.now())
        known = await self._dossiers.get(dossier_number)
        if known is None:
            return None
        overview = declarant_overview(await self._store.read_stream(declaration_stream(known["declaration_id"])))
        declared = overview.form.phone
        return overview if declared is not None and compare_digest(declared, phone) else None

    def _counted(self, dossier_number: str, address: str) -> Iterable[tuple[str, Throttle]]:
        yield f"dossiers-from:{self._blind_index.of('address', address)}", _PER_ADDRESS
        yield f"dossiers-of:{dossier_number}", _PER_DOSSIER
