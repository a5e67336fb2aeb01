"""What people read when auth refuses: one answer per error, one text per rule, in both languages."""

from typing import Final

from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer, ErrorTable
from ansinh_kit.http.rules import RuleText, RuleTexts
from ansinh_kit.throttling.port import TooManyAttemptsError

from auth.api.e_id_texts import E_ID_ANSWERS
from auth.api.factor_texts import FACTOR_ANSWERS
from auth.api.integrator_texts import INTEGRATOR_ANSWERS
from auth.api.recovery_texts import IDENTITY_NUMBER_RULE, RECOVERY_ANSWERS
from auth.api.staff_texts import STAFF_ANSWERS
from auth.domain.access.refusals import AlreadyActiveError, NotActiveError, SessionMovedOnError, SessionOverError
from auth.domain.consent import TermsNotCurrentError
from auth.domain.contact_changes import ContactMovedOnError, ContactUnchangedError
from auth.domain.one_time_codes import CodeRefusedError
from auth.handlers.contact_seats import ContactTakenError
from auth.handlers.forced_password_changes import PasswordCompromisedError
from auth.handlers.password_check import LogInRefusedError, PasswordWrongError
from auth.handlers.sent_codes import CodeSentMeanwhileError, SmsHeldBackError
from auth.handlers.take_over_warnings import SessionExistsError

_LOG_IN_REFUSED: Final = Answer(
    401,
    "Log-in refused",
    Bilingual(
        "Mã số hoặc mật khẩu không đúng. Nếu chưa kích hoạt tài khoản, hãy kích hoạt trước khi đăng nhập.",
        "Number or password is not right. If the account is not activated yet, activate it first.",
    ),
)

ERRORS: Final = ErrorTable(
    {
        LogInRefusedError: _LOG_IN_REFUSED,
        # Reached only when an account is locked between its password and its session.
        NotActiveError: _LOG_IN_REFUSED,
        SessionExistsError: Answer(
            409,
            "Session exists",
            Bilingual(
                "Tài khoản đang đăng nhập trên thiết bị khác. Nếu tiếp tục, hệ thống gửi mã xác thực (OTP) đến số "
                "điện thoại đã đăng ký và thiết bị kia sẽ bị đăng xuất. Nếu hủy, thiết bị kia vẫn đăng nhập.",
                "The account is logged in on another device. If you go on, a one-time code is sent to the registered "
                "phone and the other device is logged out. If you cancel, the other device stays logged in.",
            ),
        ),
        PasswordCompromisedError: Answer(
            409,
            "Password compromised",
            Bilingual(
                "Mật khẩu này có thể đã bị lộ nên không dùng để đăng nhập được nữa. Nếu tiếp tục, hệ thống gửi mã xác "
                "thực (OTP) đến số điện thoại đã đăng ký để ông/bà đặt mật khẩu mới.",
                "Others may know this password, so it opens the account no more. If you go on, a one-time code is sent "
                "to the registered phone, with which you set a new password.",
            ),
        ),
        SessionMovedOnError: Answer(
            409,
            "Take-over lost",
            Bilingual(
                "Phiên đăng nhập vừa thay đổi trên thiết bị khác. Hãy đăng nhập lại.",
                "The session has just changed on another device. Please log in again.",
            ),
        ),
        SessionOverError: Answer(
            409,
            "Session over",
            Bilingual(
                "Phiên đăng nhập đã thay đổi nên yêu cầu này không còn hiệu lực. Hãy đăng nhập và làm lại.",
                "The session has changed, so this request counts no more. Please log in and start again.",
            ),
        ),
        CodeRefusedError: Answer(
            409,
            "Code refused",
            Bilingual(
                "Mã xác thực (OTP) không đúng hoặc đã hết hiệu lực. Hãy kiểm tra lại hoặc yêu cầu mã mới.",
                "The code is wrong or no longer valid. Check it, or ask for a new one.",
            ),
        ),
        CodeSentMeanwhileError: Answer(
            409,
            "Code sent meanwhile",
            Bilingual(
                "Mã xác thực (OTP) mới vừa được gửi. Hãy dùng mã đó.",
                "A new code has just been sent. Please use that one.",
            ),
        ),
        **STAFF_ANSWERS,
        **E_ID_ANSWERS,
        **RECOVERY_ANSWERS,
        **INTEGRATOR_ANSWERS,
        AlreadyActiveError: Answer(
            409,
            "Already activated",
            Bilingual("Tài khoản đã được kích hoạt. Hãy đăng nhập.", "The account is activated. Please log in."),
        ),
        PasswordWrongError: Answer(
            409,
            "Password wrong",
            Bilingual(
                "Mật khẩu không đúng. Chưa có gì thay đổi và không có mã nào được gửi.",
                "The password is not right. Nothing was changed and no code was sent.",
            ),
        ),
        ContactUnchangedError: Answer(
            409,
            "Contact unchanged",
            Bilingual(
                "Tài khoản đang dùng thông tin liên hệ này.",
                "The account has this contact already.",
            ),
        ),
        ContactMovedOnError: Answer(
            409,
            "Contact changed meanwhile",
            Bilingual(
                "Thông tin liên hệ này vừa được đổi. Hãy xem lại rồi thử lại nếu cần.",
                "This contact has just been changed. Look at it, and try again if need be.",
            ),
        ),
        ContactTakenError: Answer(
            409,
            "Contact taken",
            Bilingual(
                "Thông tin liên hệ này đã thuộc về một tài khoản khác. Hãy dùng số hoặc địa chỉ khác; nếu người trong "
                "gia đình dùng chung, cán bộ tại cơ quan BHXH có thể cho phép.",
                "This contact belongs to another account. Use another one; if your family shares it, an officer at "
                "the agency can allow that.",
            ),
        ),
        TermsNotCurrentError: Answer(
            409,
            "Terms not current",
            Bilingual(
                "Điều khoản sử dụng đã có phiên bản mới. Hãy đọc phiên bản hiện hành rồi chấp nhận.",
                "There is a newer version of the terms of use. Please read the one that counts now, then accept it.",
            ),
        ),
        **FACTOR_ANSWERS,
        SmsHeldBackError: Answer(
            429,
            "Messages are held back",
            Bilingual(
                "Quá nhiều tin nhắn đang được gửi nên hệ thống tạm dừng gửi đến số điện thoại này. Hãy thử lại sau "
                "thời gian chờ.",
                "Too many messages are being sent, so those to this number are held back. Please try again after "
                "the wait.",
            ),
        ),
        TooManyAttemptsError: Answer(
            429,
            "Too many attempts",
            Bilingual(
                "Đã thử quá nhiều lần. Hãy đợi hết thời gian chờ rồi thử lại.",
                "Too many attempts. Please wait until the time is over and try again.",
            ),
        ),
    }
)

RULES: Final = RuleTexts(
    {
        "user_name": RuleText(
            Bilingual(
                "Mã số BHXH gồm 10 chữ số; số căn cước công dân gồm 12 chữ số.",
                "A social-insurance number has 10 digits, a citizen number 12.",
            )
        ),
        "social_insurance_number": RuleText(
            Bilingual("Mã số BHXH gồm 10 chữ số.", "A social-insurance number has 10 digits.")
        ),
        "identity_number": IDENTITY_NUMBER_RULE,
        "mobile_phone": RuleText(
            Bilingual(
                "Số điện thoại di động phải gồm 10 chữ số và có đầu số của một nhà mạng Việt Nam.",
                "The mobile number must have 10 digits and a prefix of a Vietnamese carrier.",
            )
        ),
        "email": RuleText(
            Bilingual(
                "Địa chỉ thư điện tử không đúng. Chỉ nhập một địa chỉ, tối đa 254 ký tự.",
                "This is not an e-mail address. Type one address only, at most 254 characters.",
            )
        ),
        "proves_nothing": RuleText(
            Bilingual(
                "Thông tin liên hệ này không dùng được để xác nhận thay đổi.",
                "This contact cannot be used to confirm the change.",
            ),
            Bilingual("Hãy chọn nơi liên hệ khác đã được xác nhận.", "Choose another contact that was confirmed."),
        ),
        "one_second_factor": RuleText(
            Bilingual(
                "Cần đúng một yếu tố thứ hai: mã của ứng dụng xác thực hoặc khóa truy cập (passkey).",
                "One second factor is needed: the authenticator app's code, or a passkey.",
            )
        ),
        "one_time_code": RuleText(Bilingual("Mã xác thực (OTP) gồm 6 chữ số.", "A one-time code has 6 digits.")),
        "not_text": RuleText(
            Bilingual(
                "Mật khẩu có ký tự không hợp lệ. Hãy gõ lại mật khẩu.",
                "The password has characters that are not text. Type it again.",
            )
        ),
        "passwords_differ": RuleText(
            Bilingual("Hai mật khẩu mới không giống nhau.", "The two new passwords differ."),
            Bilingual("Hãy nhập lại mật khẩu mới.", "Type the new password again."),
        ),
        "same_as_old": RuleText(
            Bilingual("Mật khẩu mới giống mật khẩu cũ.", "The new password is the old one."),
            Bilingual("Hãy chọn mật khẩu khác.", "Choose another one."),
        ),
        "too_common": RuleText(
            Bilingual(
                "Mật khẩu này nhiều người dùng nên dễ bị đoán.",
                "Many people use this password, so it is easy to guess.",
            ),
            Bilingual("Hãy chọn một câu do chính ông/bà nghĩ ra.", "Choose a sentence of your own."),
        ),
        "made_of_known_words": RuleText(
            Bilingual(
                "Mật khẩu chỉ gồm tên, số của ông/bà hoặc tên dịch vụ nên dễ bị đoán.",
                "The password is made of your name, your numbers or the service's name, so it is easy to guess.",
            ),
            Bilingual("Hãy thêm từ khác.", "Add other words."),
        ),
    }
)
