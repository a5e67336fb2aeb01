"""What people read when a log-in by e-ID does not come about: always with the other ways in (U-13)."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer

from auth.domain.e_id.claims import EIdRefusedError
from auth.domain.e_id.links import CitizenNumberDiffersError, OtherEIdLinkedError
from auth.providers.port import EIdUnavailableError

E_ID_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    EIdRefusedError: Answer(
        401,
        "e-ID log-in refused",
        Bilingual(
            "Chưa đăng nhập được bằng tài khoản định danh điện tử. Cần tài khoản định danh điện tử mức 2, có cùng số "
            "định danh cá nhân với tài khoản đã kích hoạt. Hãy thử lại, hoặc đăng nhập bằng mã số và mật khẩu; nếu "
            "chưa có tài khoản, hãy đăng ký.",
            "The log-in with your e-ID did not work. The e-ID has to be of level 2 and of the same citizen number as "
            "an activated account. Try again, or log in with number and password; if you have no account, register.",
        ),
    ),
    EIdUnavailableError: Answer(
        503,
        "e-ID unavailable",
        Bilingual(
            "Dịch vụ định danh điện tử đang gián đoạn. Vẫn đăng nhập được bằng mã số và mật khẩu, hoặc khóa truy cập "
            "(passkey); thẻ BHYT đã lưu và các tra cứu không cần đăng nhập vẫn dùng được.",
            "The e-ID service does not answer right now. You can still log in with number and password, or with a "
            "passkey; a saved health card and the look-ups without log-in work, too.",
        ),
    ),
    CitizenNumberDiffersError: Answer(
        409,
        "Citizen number differs",
        Bilingual(
            "Số định danh cá nhân của tài khoản định danh điện tử khác với số trong tờ khai của tài khoản này. Hãy "
            "liên hệ cơ quan BHXH để cập nhật số định danh cá nhân.",
            "The e-ID is of another citizen number than this account was declared with. Ask the agency to update the "
            "citizen number.",
        ),
    ),
    OtherEIdLinkedError: Answer(
        409,
        "Other e-ID linked",
        Bilingual(
            "Tài khoản đã liên kết với một tài khoản định danh điện tử khác. Hãy gỡ liên kết đó trước.",
            "The account is linked to another e-ID. Remove that link first.",
        ),
    ),
}
