"""Looks up members of staff and what was done about them, each caller within their own reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ansinh_kit.database import Document

from auth.domain.staff import StaffRole
from auth.domain.staff_roster.errors import MemberNotFoundError
from auth.domain.staff_roster.roster import Standing


class ReadModel(Protocol):
    """`View` of the kit: personal fields come back decrypted."""

    async def find(
        self, query: Mapping[str, Any], *, sort: list[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]: ...


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose members: a supervisor's office, or everybody's."""

    office: str | None

    def query(self) -> dict[str, Any]:
        return {} if self.office is None else {"role": "officer", "offices": self.office}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to."""

    standing: Standing | None = None
    role: StaffRole | None = None
    agency_code: str | None = None

    def query(self) -> dict[str, Any]:
        asked = {"standing": self.standing, "role": self.role, "offices": self.agency_code}
        return {name: value for name, value in asked.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Page:
    documents: list[Document]
    more: bool


class Directory:
    """Follows the log within a moment; what a change answers itself is never behind."""

    def __init__(self, *, members: ReadModel, acts: ReadModel) -> None:
        self._members = members
        self._acts = acts

    async def members(self, reach: Reach, wanted: Wanted, *, after: str | None, limit: int) -> Page:
        beyond = {} if after is None else {"staff_id": {"$gt": after}}
        query = {"$and": [reach.query(), wanted.query(), beyond]}
        return await _page(self._members, query, [("staff_id", 1)], limit)

    async def member(self, reach: Reach, staff_id: str) -> Document:
        """Return the member.

        Raises:
            MemberNotFoundError: There is none, or another's to look after.
        """
        page = await _page(self._members, {"$and": [reach.query(), {"staff_id": staff_id}]}, [("staff_id", 1)], 1)
        if not page.documents:
            raise MemberNotFoundError
        return page.documents[0]

    async def acts(self, *, subject_id: str | None, actor_id: str | None, before: int | None, limit: int) -> Page:
        """Return the acts about and by these, newest first."""
        query: dict[str, Any] = {} if subject_id is None else {"subject_id": subject_id}
        query |= {} if actor_id is None else {"actor_id": actor_id}
        query |= {} if before is None else {"position": {"$lt": before}}
        return await _page(self._acts, query, [("position", -1)], limit)


async def _page(view: ReadModel, query: Mapping[str, Any], sort: list[tuple[str, int]], limit: int) -> Page:
    found = await view.find(query, sort=sort, limit=limit + 1)
    return Page(found[:limit], len(found) > limit)
