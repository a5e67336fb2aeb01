"""What administrators read when something about an integrator is refused."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer

from auth.domain.integrators import integrator

INTEGRATOR_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    integrator.IntegratorNotFoundError: Answer(
        404, "Not found", Bilingual("Không tìm thấy hệ thống kết nối này.", "There is no such integrator.")
    ),
    integrator.AlreadyRegisteredError: Answer(
        409,
        "Already registered",
        Bilingual("Hệ thống kết nối này đã được đăng ký.", "This integrator is registered already."),
    ),
    integrator.TwoSecretsError: Answer(
        409,
        "Two secrets",
        Bilingual(
            "Đang có hai khóa bí mật còn hiệu lực. Hãy kết thúc khóa cũ trước khi tạo khóa mới.",
            "Two secrets are good already. End the former one before you make another.",
        ),
    ),
}
