"""The personal page (S-24): who the participant is, each value with since when it holds and which event brought it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from ansinh_kit.database import Document
from ansinh_kit.http.callers import AnyCaller
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from records.api.access import Access, OpeningId, Who
from records.api.as_of import AsOf
from records.domain.birth_date import BirthDate
from records.domain.language import Language
from records.domain.papers import IdentityPaper
from records.domain.participant.details import Sex
from records.domain.participant.errors import ParticipantNotFoundError
from records.domain.place import Place
from records.projections.history import Version, standing
from records.projections.read_model import ReadModel


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Standing(_Answer):
    """Since when a value has been the recorded truth, and the event that brought it."""

    since: datetime
    event_id: str


class FormerNumbers(_Answer):
    social_insurance_number: str
    papers: tuple[IdentityPaper, ...]


class PersonalPage(_Answer):
    """`standing` tells of each value by its name; what is not known has none and is `null`.

    `former_numbers` come from a second record of the person that was merged into this one.
    """

    participant_id: str
    full_name: str | None = None
    birth_date: Annotated[BirthDate | None, Field(description="a day, or the year alone")] = None
    sex: Sex | None = None
    social_insurance_number: str | None = None
    papers: tuple[IdentityPaper, ...] = ()
    former_numbers: FormerNumbers | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    place: Place | None = None
    language: Language | None = None
    agency_code: str | None = None
    standing: dict[str, Standing]


def person_routes(*, access: Access, people: ReadModel) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}", tags=["person"])

    @router.get("/person")
    async def read_person(
        who: Who, caller: AnyCaller, as_of: AsOf = None, opening_id: OpeningId = None
    ) -> PersonalPage:
        """Return the personal page, as the records said at `as_of`."""
        participant_id = await access.admit(caller, who, "person", opening_id)
        return await personal_page(people, participant_id, as_of)

    return router


async def personal_page(people: ReadModel, participant_id: str, as_of: datetime | None) -> PersonalPage:
    """Return the personal page, as the records said at `as_of`.

    Raises:
        ParticipantNotFoundError: Nothing was recorded of the person by then, or the person was forgotten.
        UnavailableError: The read model could not be asked.
    """
    document = await people.get(participant_id)
    page = None if document is None else _page(document, as_of)
    if page is None:
        raise ParticipantNotFoundError
    return page


def _page(document: Document, as_of: datetime | None) -> PersonalPage | None:
    """Return the page; `None` if nothing was recorded of the person by then, or the person was forgotten."""
    values: object = document["values"]
    if not isinstance(values, Mapping):
        return None
    held = _standing_values(values, as_of)
    if not held:
        return None
    return PersonalPage.model_validate(
        {
            "participant_id": document["participant_id"],
            **{name: version["value"]["value"] for name, version in held.items() if version["value"]},
            "standing": {name: _of(version) for name, version in held.items()},
        }
    )


def _standing_values(values: Mapping[str, Sequence[Version]], as_of: datetime | None) -> dict[str, Version]:
    found = {name: standing(versions, as_of) for name, versions in values.items()}
    return {name: version for name, version in found.items() if version is not None}


def _of(version: Version) -> dict[str, Any]:
    return {"since": version["since"], "event_id": version["event_id"]}
