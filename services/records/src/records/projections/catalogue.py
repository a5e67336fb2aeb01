"""Every read model of this service: what projectors keep current and what routes ask. A new one gets a line in both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from ansinh_kit.projections.projection import Projection

from records.projections.read_model import ReadModel

PROJECTIONS: Final[Mapping[str, Projection]] = {}
"""By the name of the field of `ReadModels`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModels:
    @classmethod
    def over(cls, read: Callable[[Projection], ReadModel]) -> Self:
        """Return all read models, each as `read` finds it."""
        return cls(**{name: read(projection) for name, projection in PROJECTIONS.items()})
