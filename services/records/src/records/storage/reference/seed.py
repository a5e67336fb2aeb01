"""A small selection for development, loaded from files beside this module.

Codes have the public structure (a facility's begins with the old province code; units are those of the public lists);
all names, addresses and phones are made up.
"""

import json
from importlib import resources
from typing import Any

from records.storage.reference.entries import (
    CollectionOrganisation,
    Employer,
    Facility,
    ReferenceEntries,
    point_of,
)


def seed_entries() -> ReferenceEntries:
    return ReferenceEntries(
        facilities=tuple(Facility(**entry) for entry in _file("facilities.json")),
        employers=tuple(Employer(**entry) for entry in _file("employers.json")),
        organisations=tuple(CollectionOrganisation(**entry) for entry in _file("collection_organisations.json")),
        points=tuple(point_of(entry) for entry in _file("collection_points.json")),
    )


def _file(name: str) -> list[dict[str, Any]]:
    text = resources.files("records.storage").joinpath("seed", name).read_text(encoding="utf-8")
    return list(json.loads(text))
