"""Every read model of this service. A new one gets a line in both."""

from typing import Final

from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.projections.projection import Projection

from registration.projections.declared_numbers import DeclaredNumbers
from registration.projections.dossiers import Dossiers
from registration.projections.review_queue import ReviewQueue

VIEW_NAMES: Final = (ReviewQueue.name, DeclaredNumbers.name, Dossiers.name)
"""What an operator calls the read models."""


def all_projections(blind_index: BlindIndex) -> tuple[Projection, ...]:
    """Return every read model's definition, those too that need the keys of this process."""
    return (ReviewQueue(), DeclaredNumbers(blind_index), Dossiers())
