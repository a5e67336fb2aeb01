"""What people read when a device key, a passkey, or a change of either is refused."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer

from auth.api.device_proofs import proof_challenge
from auth.domain.access.refusals import (
    DeviceKeyNeededError,
    DeviceNotBoundError,
    OtherDeviceBoundError,
    PasskeyAlreadyAddedError,
    SessionOverError,
    StrongerLogInNeededError,
    TooManyDevicesError,
    TooManyPasskeysError,
)
from auth.domain.device_proofs import DeviceProofRefusedError
from auth.domain.passkeys import PasskeyRefusedError
from auth.handlers.device_proofs import DeviceNonceNeededError
from auth.handlers.passkey_log_in import OtherDeviceInError
from auth.handlers.take_over_warnings import CodeNeededError

FACTOR_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    DeviceProofRefusedError: Answer(
        401,
        "Device proof refused",
        Bilingual(
            "Thiết bị chưa chứng minh được là thiết bị đã liên kết. Hãy kiểm tra ngày giờ của thiết bị rồi thử lại.",
            "The device could not prove what it is. Check its date and time, then try again.",
        ),
        headers=proof_challenge,
    ),
    DeviceNonceNeededError: Answer(
        401,
        "Fresh device proof needed",
        Bilingual(
            "Chứng minh của thiết bị đã cũ. Ứng dụng sẽ tự gửi lại yêu cầu.",
            "The device's proof is too old. The app sends the request again by itself.",
        ),
        headers=proof_challenge,
    ),
    DeviceKeyNeededError: Answer(
        403,
        "Device key needed",
        Bilingual(
            "Việc này chỉ làm được trên thiết bị đã liên kết với phiên đăng nhập này.",
            "This can be done only on the device that this session is linked to.",
        ),
    ),
    StrongerLogInNeededError: Answer(
        403,
        "Stronger log-in needed",
        Bilingual(
            "Mật khẩu thôi chưa đủ cho việc này. Hãy liên kết thiết bị này, hoặc đăng nhập lại bằng khóa truy cập "
            "(passkey), rồi thử lại.",
            "A password alone is not enough for this. Link this device, or log in again with a passkey, and try again.",
        ),
    ),
    SessionOverError: Answer(
        409,
        "Session over",
        Bilingual("Phiên đăng nhập đã thay đổi. Hãy đăng nhập lại.", "The session has changed. Please log in again."),
    ),
    DeviceNotBoundError: Answer(
        409,
        "Device not linked",
        Bilingual(
            "Thiết bị này không còn liên kết với tài khoản. Hãy đăng nhập lại.",
            "This device is no longer linked to the account. Please log in again.",
        ),
    ),
    OtherDeviceBoundError: Answer(
        409,
        "Other device linked",
        Bilingual(
            "Phiên đăng nhập này đã liên kết với một thiết bị khác. Hãy đăng nhập trên thiết bị mới rồi liên kết.",
            "This session is linked to another device. Log in on the new device and link it there.",
        ),
    ),
    TooManyDevicesError: Answer(
        409,
        "Too many devices",
        Bilingual(
            "Tài khoản đã liên kết với quá nhiều thiết bị. Hãy bỏ bớt một thiết bị trước.",
            "The account is linked to too many devices. Remove one of them first.",
        ),
    ),
    PasskeyRefusedError: Answer(
        401,
        "Passkey refused",
        Bilingual(
            "Khóa truy cập (passkey) không được chấp nhận. Hãy thử lại, hoặc dùng cách đăng nhập khác.",
            "The passkey was not accepted. Try again, or log in another way.",
        ),
    ),
    OtherDeviceInError: Answer(
        409,
        "Session exists",
        Bilingual(
            "Tài khoản đang đăng nhập trên thiết bị khác. Nếu tiếp tục, hãy dùng khóa truy cập (passkey) một lần nữa; "
            "thiết bị kia sẽ bị đăng xuất. Nếu hủy, thiết bị kia vẫn đăng nhập.",
            "The account is logged in on another device. To go on, use the passkey once more; the other device is "
            "logged out. If you cancel, the other device stays logged in.",
        ),
    ),
    PasskeyAlreadyAddedError: Answer(
        409,
        "Passkey already added",
        Bilingual("Khóa truy cập (passkey) này đã có trong tài khoản.", "This passkey is already in the account."),
    ),
    TooManyPasskeysError: Answer(
        409,
        "Too many passkeys",
        Bilingual(
            "Tài khoản đã có quá nhiều khóa truy cập (passkey). Hãy gỡ bớt một khóa trước.",
            "The account has too many passkeys. Remove one of them first.",
        ),
    ),
    CodeNeededError: Answer(
        409,
        "Code needed",
        Bilingual(
            "Mật khẩu ngắn chỉ dùng được trên thiết bị đã liên kết. Nếu tiếp tục, hệ thống gửi mã xác thực (OTP) đến "
            "số điện thoại đã đăng ký.",
            "A short password is enough only on a linked device. If you go on, a one-time code is sent to the "
            "registered phone.",
        ),
    ),
}
