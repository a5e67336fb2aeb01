"""What people read when a recovery, a lock, or what an officer does at the counter is refused."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer
from ansinh_kit.http.rules import RuleText
from ansinh_kit.human_check.port import HumanCheckFailedError, HumanCheckRequiredError

from auth.domain.access.refusals import NoPasswordError
from auth.domain.recoveries import RecoveryRefusedError
from auth.handlers.counter import NoRecoveryPendingError

RECOVERY_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    RecoveryRefusedError: Answer(
        409,
        "Recovery refused",
        Bilingual(
            "Không đặt lại được mật khẩu với thông tin đã nhập. Hãy kiểm tra mã xác thực (OTP) và mã dự phòng, hoặc "
            "mang giấy tờ tùy thân và mã tham chiếu đến cơ quan BHXH.",
            "The password cannot be reset with what was entered. Check the one-time code and the saved code, or bring "
            "your identity paper and the reference to a social-insurance agency.",
        ),
    ),
    NoRecoveryPendingError: Answer(
        409,
        "No recovery pending",
        Bilingual(
            "Tài khoản không có yêu cầu đặt lại mật khẩu nào đang chờ.",
            "No reset of this account's password is waiting.",
        ),
    ),
    NoPasswordError: Answer(
        409,
        "No password",
        Bilingual(
            "Tài khoản chưa được kích hoạt nên chưa có mật khẩu.",
            "The account was not activated yet, so it has no password.",
        ),
    ),
    HumanCheckRequiredError: Answer(
        403,
        "Not allowed",
        Bilingual("Cần hoàn thành bước xác minh trước.", "Complete the check first."),
    ),
    HumanCheckFailedError: Answer(
        403,
        "Not allowed",
        Bilingual(
            "Bước xác minh không hợp lệ hoặc đã dùng. Hãy thử lại.",
            "The check does not hold or was used already. Please try again.",
        ),
    ),
}

IDENTITY_NUMBER_RULE: Final = RuleText(
    Bilingual(
        "Số giấy tờ tùy thân gồm 6 đến 16 chữ số hoặc chữ cái, không dấu.",
        "The number of an identity paper has 6 to 16 digits or letters.",
    )
)
