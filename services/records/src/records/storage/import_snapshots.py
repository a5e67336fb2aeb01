"""How far imports have come, kept so that going on with one does not read every step it has taken."""

from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo import MongoSnapshots
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.imports.decide import Import

# A file of ten million rows has five thousand steps, and each step reads what stands before it.
VERSION = 1


def import_snapshots_in(database: Database, cipher: PersonalDataCipher) -> MongoSnapshots[Import]:
    """Return the snapshots of imports; none holds anything personal."""
    return MongoSnapshots(
        database, name="imports", version=VERSION, state_type=Import, subject_of=lambda _: None, cipher=cipher
    )
