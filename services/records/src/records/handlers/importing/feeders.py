"""Every kind of file that can be taken in, put together. A new kind gets a line."""

from collections.abc import Mapping

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.imports.events import FileKindName
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.feeder import Feeder, StreamFeeder
from records.handlers.importing.people import People


def feeders_over(store: EventStore, *, cipher: PersonalDataCipher, people: People) -> Mapping[FileKindName, Feeder]:
    """Return what takes in each kind of row, over the store that is written to."""
    return {"contributions": StreamFeeder(ContributionFiles(), store=store, cipher=cipher, people=people)}
