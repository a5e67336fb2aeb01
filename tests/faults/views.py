"""I3: every read model, built anew from the log, is the one that lived through the faults."""

from collections.abc import Iterable

import pytest
from ansinh_kit.database import Database, Document
from ansinh_kit.foundation import Foundation
from ansinh_kit.projections.generations import Generation
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
from ansinh_kit.settings import load_settings
from notifications import app as notifications_app
from notifications.projections.duties import Duties
from notifications.settings import NotificationsSettings
from registration import app as registration_app
from registration.projections.review_queue import ReviewQueue
from registration.settings import RegistrationSettings

from tests.eventually import eventually
from tests.plugins.system import RunningSystem

_REBUILDING_SECONDS = 60.0


async def rebuilt_views_equal_the_live_ones(system: RunningSystem, patch: pytest.MonkeyPatch) -> None:
    """Check the views of both services that have one, with the parts their processes are made of."""
    _put_on(system, ("registration", "notifications"), patch)
    registration = registration_app.build_process(load_settings(RegistrationSettings)).foundation
    notifications = notifications_app.build_process(load_settings(NotificationsSettings)).foundation
    await _check(registration, ReviewQueue())
    await _check(notifications, Duties())


async def _check(made: Foundation, projection: Projection) -> None:
    projector = Projector(store=made.store, database=made.database, projection=projection, cipher=made.cipher)
    try:
        await eventually(lambda: _rebuilt_equals_live(projector, made.database), _REBUILDING_SECONDS)
    finally:
        made.client.close()


async def _rebuilt_equals_live(projector: Projector, database: Database) -> bool:
    """Build beside the live generation, which must have come just as far, and compare the documents."""
    built = await projector.catch_up(await projector.generations.start_next())
    live = await projector.generations.active()
    try:
        assert live is not None
        assert live.position == built.position
        assert await _documents(database, live) == await _documents(database, built)
    finally:
        await projector.generations.drop_inactive()
    return True


async def _documents(database: Database, generation: Generation) -> list[Document]:
    return await database[generation.collection].find({}).sort([("_id", 1)]).to_list()


def _put_on(system: RunningSystem, services: Iterable[str], patch: pytest.MonkeyPatch) -> None:
    """Give this process the services' own settings, which stand in their environments."""
    for service in services:
        for name, value in system.environment(service).items():
            if name.startswith(service.upper()):
                patch.setenv(name, value)
