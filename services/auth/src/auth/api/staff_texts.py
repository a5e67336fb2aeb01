"""What members of staff, and those invited to be, read when the roster refuses."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer

from auth.domain.staff_roster import errors
from auth.handlers.staff_joining import WrongTimeCodeError

STAFF_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    errors.MemberNotFoundError: Answer(
        404, "Not found", Bilingual("Không tìm thấy cán bộ này.", "There is no such member of staff.")
    ),
    errors.NotEntitledError: Answer(
        403,
        "Not entitled",
        Bilingual(
            "Ông/bà không có quyền cấp hoặc thay đổi quyền này.", "You may not give these rights, nor take them away."
        ),
    ),
    errors.OwnRightsError: Answer(
        403,
        "Own rights",
        Bilingual(
            "Không ai được tự thay đổi quyền của chính mình. Hãy nhờ một quản trị viên khác.",
            "Nobody changes their own rights. Ask another administrator.",
        ),
    ),
    errors.LastAdministratorError: Answer(
        409,
        "Last administrator",
        Bilingual(
            "Đây là quản trị viên duy nhất còn hoạt động nên không thể thu hồi quyền.",
            "This is the only active administrator, whose rights cannot be taken away.",
        ),
    ),
    errors.AlreadyMemberError: Answer(
        409,
        "User name taken",
        Bilingual("Tên đăng nhập này đã có người dùng.", "This user name is taken."),
    ),
    errors.MemberSuspendedError: Answer(
        409,
        "Member suspended",
        Bilingual(
            "Cán bộ này đang bị tạm ngừng. Hãy cho phép làm việc trở lại trước.",
            "This member is suspended. Re-admit them first.",
        ),
    ),
    WrongTimeCodeError: Answer(
        409,
        "Code wrong",
        Bilingual(
            "Mã trong ứng dụng xác thực không đúng. Hãy kiểm tra giờ của điện thoại rồi nhập mã đang hiện.",
            "The authenticator's code is wrong. Check the phone's clock, then enter the code it shows now.",
        ),
    ),
    errors.InvitationRefusedError: Answer(
        409,
        "Invitation refused",
        Bilingual(
            "Lời mời không đúng, đã dùng hoặc đã hết hiệu lực. Hãy nhờ quản trị viên gửi lời mời mới.",
            "The invitation is wrong, used or over. Ask an administrator for a new one.",
        ),
    ),
}
