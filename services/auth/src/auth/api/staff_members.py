"""Members of staff, for those who look after them: administrators everywhere, supervisors in their own offices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from ansinh_kit.events import Metadata
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import require_staff
from ansinh_kit.http.idempotency import CommitId
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Depends, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from auth.api.administrative_acts import ActList, ActShown
from auth.api.fields import Body, StaffName, without_control_characters
from auth.domain.staff import AGENCY_PATTERN, StaffRole
from auth.domain.staff_roster.roster import Member, Standing
from auth.handlers.staff_directory import Directory, Reach, Wanted
from auth.handlers.staff_members import Act, InvitedMember, StaffMembers

PAGE: int = 20
LONGEST_PAGE: int = 100

AgencyCode = Annotated[str, StringConstraints(pattern=f"^{AGENCY_PATTERN}$")]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=10, max_length=500),
    AfterValidator(without_control_characters),
]
StaffId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
Keeper = Annotated[Caller, Depends(require_staff("administrator", "supervisor"))]
Administrator = Annotated[Caller, Depends(require_staff("administrator"))]


class ReasonBody(Body):
    reason: Reason


class RightsBody(ReasonBody):
    role: StaffRole
    agency_code: AgencyCode


class InvitationBody(RightsBody):
    user_name: StaffName


class Invited(BaseModel):
    """`token` is shown here once; it goes to the invited person and to nobody else."""

    staff_id: str
    token: str
    expires_at: datetime

    @classmethod
    def of(cls, invited: InvitedMember) -> "Invited":
        return cls(staff_id=invited.staff_id, token=invited.token, expires_at=invited.expires_at)


class MemberChanged(BaseModel):
    model_config = ConfigDict(extra="ignore")

    staff_id: str
    standing: Standing
    role: StaffRole
    agency_code: str

    @classmethod
    def of(cls, staff_id: str, member: Member) -> "MemberChanged":
        return cls(staff_id=staff_id, standing=member.standing, role=member.role, agency_code=member.agency_code)


class MemberShown(MemberChanged):
    user_name: str


class MemberList(BaseModel):
    """Ordered by id; ask for more with the last one's id as `after`."""

    members: list[MemberShown]
    more: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """The keeper behind a request that changes something; the same `Idempotency-Key` changes it once."""

    caller: Caller
    commit_id: str
    metadata: Metadata

    def because(self, body: ReasonBody) -> Act:
        return Act(
            actor_id=self.caller.account_id, reason=body.reason, commit_id=self.commit_id, metadata=self.metadata
        )


async def acting(caller: Keeper, commit_id: CommitId, metadata: RequestMetadata) -> Acting:
    return Acting(caller, commit_id, metadata)


async def reach_of(caller: Keeper) -> Reach:
    """Return whom the caller may look at."""
    return Reach(None if "administrator" in caller.roles else caller.agency_code or "")


async def wanted_of(
    standing: Standing | None = None, role: StaffRole | None = None, agency_code: AgencyCode | None = None
) -> Wanted:
    return Wanted(standing=standing, role=role, agency_code=agency_code)


WithActing = Annotated[Acting, Depends(acting)]
WithReach = Annotated[Reach, Depends(reach_of)]
WithWanted = Annotated[Wanted, Depends(wanted_of)]


def staff_member_routes(*, members: StaffMembers, directory: Directory) -> APIRouter:
    routes = APIRouter(prefix="/v1/staff", tags=["staff"])
    _add_reading(routes, directory)
    _add_changing(routes, members, directory)
    return routes


def _add_reading(routes: APIRouter, directory: Directory) -> None:
    @routes.get("/members")
    async def list_members(
        reach: WithReach,
        wanted: WithWanted,
        after: Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")] | None = None,
        limit: Limit = PAGE,
    ) -> MemberList:
        """Show the members the caller looks after. A provincial `agency_code` includes the offices under it."""
        page = await directory.members(reach, wanted, after=after, limit=limit)
        return MemberList(members=[MemberShown.model_validate(each) for each in page.documents], more=page.more)

    @routes.get("/members/{staff_id}")
    async def show_member(staff_id: StaffId, reach: WithReach) -> MemberShown:
        return MemberShown.model_validate(await directory.member(reach, staff_id))

    @routes.get("/acts")
    async def list_acts(
        caller: Administrator,
        subject_id: Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")] | None = None,
        actor_id: Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")] | None = None,
        before: Annotated[int, Query(ge=1)] | None = None,
        limit: Limit = PAGE,
    ) -> ActList:
        """Show what was done about members of staff, by whom and why."""
        del caller
        page = await directory.acts(subject_id=subject_id, actor_id=actor_id, before=before, limit=limit)
        return ActList(acts=[ActShown.model_validate(each) for each in page.documents], more=page.more)


def _add_changing(routes: APIRouter, members: StaffMembers, directory: Directory) -> None:
    @routes.post("/members", status_code=201)
    async def invite(body: InvitationBody, acting: WithActing) -> Invited:
        """Invite somebody. The same request again gives another secret, and the one before counts no more."""
        invited = await members.invite(
            acting.because(body), user_name=body.user_name, role=body.role, agency_code=body.agency_code
        )
        return Invited.of(invited)

    @routes.post("/members/{staff_id}/invitation", status_code=201)
    async def invite_again(staff_id: StaffId, body: ReasonBody, acting: WithActing, reach: WithReach) -> Invited:
        """Let a member set a new password and second factor; the ones before, and the session, are over."""
        member = await directory.member(reach, staff_id)
        return Invited.of(await members.invite_again(acting.because(body), staff_id, user_name=member["user_name"]))

    @routes.post("/members/{staff_id}/rights")
    async def change_rights(staff_id: StaffId, body: RightsBody, acting: WithActing) -> MemberChanged:
        """Give the member this role in this agency; it counts from the member's next request."""
        changed = await members.change_rights(
            acting.because(body), staff_id, role=body.role, agency_code=body.agency_code
        )
        return MemberChanged.of(staff_id, changed)

    @routes.post("/members/{staff_id}/suspension")
    async def suspend(staff_id: StaffId, body: ReasonBody, acting: WithActing) -> MemberChanged:
        """Let the member in no more, from the next request on."""
        return MemberChanged.of(staff_id, await members.suspend(acting.because(body), staff_id))

    @routes.post("/members/{staff_id}/readmission")
    async def readmit(staff_id: StaffId, body: ReasonBody, acting: WithActing) -> MemberChanged:
        """Let a suspended member log in again."""
        return MemberChanged.of(staff_id, await members.readmit(acting.because(body), staff_id))

    @routes.post("/members/{staff_id}/session-end")
    async def end_session(staff_id: StaffId, body: ReasonBody, acting: WithActing) -> MemberChanged:
        """End the member's session; they may log in again."""
        return MemberChanged.of(staff_id, await members.end_session(acting.because(body), staff_id))
