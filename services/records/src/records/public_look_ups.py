"""What the public look-ups stand on beside the use cases: the human check, reference documents, an even pace."""

from dataclasses import dataclass
from datetime import timedelta

from ansinh_kit.foundation import Foundation
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.proof_of_work import ProofOfWork
from ansinh_kit.human_check.spent import MongoSpentChallenges
from ansinh_kit.throttling.mongo import Throttles

from records.settings import RecordsSettings
from records.storage.reference.entries import Reference
from records.storage.reference.mongo import MongoReference
from records.storage.reference.seed import seed_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLookUps:
    human_check: HumanCheck
    reference: Reference
    pace: EvenPace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLookUps:
    """What they keep in the database, and what has to be done before it can be used."""

    spent: MongoSpentChallenges
    throttles: Throttles
    reference: MongoReference

    async def prepare(self) -> None:
        """Make the indexes and load the reference documents; bears being called again."""
        await self.spent.prepare()
        await self.throttles.create_indexes()
        await self.reference.load(seed_entries())

    def public(self, foundation: Foundation, settings: RecordsSettings) -> PublicLookUps:
        human_check = ProofOfWork(
            # A root of its own is derived for this purpose: what signs challenges matches no blind index.
            settings.blind_index_keys,
            self.spent,
            clock=foundation.clock,
            ids=foundation.ids,
            difficulty_bits=settings.human_check_difficulty_bits,
            lifetime=timedelta(minutes=settings.human_check_minutes),
        )
        pace = EvenPace(settings.look_up_milliseconds / 1000)
        return PublicLookUps(human_check=human_check, reference=self.reference, pace=pace)
