"""Why the roster says no."""

from typing import ClassVar

from ansinh_kit.errors import ForbiddenError, NotFoundError, RefusedError


class MemberNotFoundError(NotFoundError):
    """There is no such member, or not for this actor to know of. Both look the same."""

    code: ClassVar[str] = "member_not_found"


class NotEntitledError(ForbiddenError):
    """The actor may not give or take these rights, or lost the own ones meanwhile."""

    code: ClassVar[str] = "not_entitled"


class OwnRightsError(ForbiddenError):
    """Nobody acts on themselves, neither up nor down."""

    code: ClassVar[str] = "own_rights"


class LastAdministratorError(RefusedError):
    """Without this one nobody could let anybody in."""

    code: ClassVar[str] = "last_administrator"


class AlreadyMemberError(RefusedError):
    code: ClassVar[str] = "already_member"


class MemberSuspendedError(RefusedError):
    """To be re-admitted first."""

    code: ClassVar[str] = "member_suspended"


class InvitationRefusedError(RefusedError):
    """Never was, used, over, or replaced by another. All look the same."""

    code: ClassVar[str] = "invitation_refused"
