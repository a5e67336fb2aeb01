"""What the public look-ups stand on beside the use cases: the human check, limits, an even pace."""

from dataclasses import dataclass
from datetime import timedelta

from ansinh_kit.foundation import Foundation
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.proof_of_work import ProofOfWork
from ansinh_kit.human_check.spent import MongoSpentChallenges
from ansinh_kit.throttling.mongo import Throttles

from registration.handlers.dossier_look_up import DossierLookUp, KnownDossiers
from registration.settings import RegistrationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLookUps:
    human_check: HumanCheck
    pace: EvenPace
    dossiers: DossierLookUp


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLookUps:
    """What they keep in the database, and what has to be done before it can be used."""

    spent: MongoSpentChallenges
    throttles: Throttles

    async def prepare(self) -> None:
        """Make the indexes; bears being called again."""
        await self.spent.prepare()
        await self.throttles.create_indexes()

    def public(self, foundation: Foundation, settings: RegistrationSettings, dossiers: KnownDossiers) -> PublicLookUps:
        human_check = ProofOfWork(
            # A root of its own is derived for this purpose: what signs challenges matches no blind index.
            settings.blind_index_keys,
            self.spent,
            clock=foundation.clock,
            ids=foundation.ids,
            difficulty_bits=settings.human_check_difficulty_bits,
            lifetime=timedelta(minutes=settings.human_check_minutes),
        )
        return PublicLookUps(
            human_check=human_check,
            pace=EvenPace(settings.look_up_milliseconds / 1000),
            dossiers=DossierLookUp(
                store=foundation.store,
                dossiers=dossiers,
                throttles=self.throttles,
                blind_index=foundation.blind_index,
                clock=foundation.clock,
            ),
        )
