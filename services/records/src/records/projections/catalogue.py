"""Every read model of this service: what projectors keep current and what routes ask. A new one gets a line in both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.projections.projection import Projection

from records.projections.account_links import AccountLinks
from records.projections.arrears import Arrears
from records.projections.benefits import BenefitTabs
from records.projections.cards import HealthCards
from records.projections.disputes import Disputes
from records.projections.exports import Exports
from records.projections.imports import Imports
from records.projections.notices import Notices
from records.projections.number_look_ups import NumberLookUps
from records.projections.open_merges import OpenMerges
from records.projections.participation import Participation
from records.projections.person import Person
from records.projections.read_model import ReadModel
from records.projections.readings import Readings
from records.projections.visits import MedicalBook

PROJECTIONS: Final[Mapping[str, Projection]] = {
    "account_links": AccountLinks(),
    "arrears": Arrears(),
    "disputes": Disputes(),
    "exports": Exports(),
    "imports": Imports(),
    "benefit_tabs": BenefitTabs(),
    "health_cards": HealthCards(),
    "medical_book": MedicalBook(),
    "notices": Notices(),
    "open_merges": OpenMerges(),
    "participation": Participation(),
    "person": Person(),
    "readings": Readings(),
}
"""By the name of the field of `ReadModels`."""

VIEW_NAMES: Final = (*(projection.name for projection in PROJECTIONS.values()), NumberLookUps.name)
"""What an operator calls the read models."""


def all_projections(blind_index: BlindIndex) -> tuple[Projection, ...]:
    """Return every read model's definition, those too that need the keys of this process."""
    return (*PROJECTIONS.values(), NumberLookUps(blind_index))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModels:
    account_links: ReadModel
    arrears: ReadModel
    disputes: ReadModel
    exports: ReadModel
    imports: ReadModel
    benefit_tabs: ReadModel
    health_cards: ReadModel
    medical_book: ReadModel
    notices: ReadModel
    open_merges: ReadModel
    participation: ReadModel
    person: ReadModel
    readings: ReadModel

    @classmethod
    def over(cls, read: Callable[[Projection], ReadModel]) -> Self:
        """Return all read models, each as `read` finds it."""
        return cls(**{name: read(projection) for name, projection in PROJECTIONS.items()})
