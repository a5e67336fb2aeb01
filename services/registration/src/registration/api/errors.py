"""How each refusal of a declaration is told. Statuses come from the kit's table; the words are ours."""

from typing import Final

from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer, ErrorTable
from ansinh_kit.human_check.routes import HUMAN_PROOF_ERRORS

from registration.domain.declaration import errors
from registration.domain.qr.reading import UnreadableQrError
from registration.storage.photos import PhotoGoneError

_TITLE: Final = "Refused"


def error_table() -> ErrorTable:
    return ErrorTable(
        {
            errors.AlreadySubmittedError: _refused(
                "Tờ khai này đã được gửi.", "This declaration has been sent already."
            ),
            errors.FormClosedError: _refused(
                "Tờ khai đang ở cơ quan BHXH nên không sửa được.",
                "The agency has the declaration: it cannot be changed now.",
            ),
            errors.FieldNotRejectedError: _refused(
                "Chỉ được sửa những mục bị từ chối.", "Only the fields that were rejected can be corrected."
            ),
            errors.NotCorrectedError: _refused(
                "Những mục được nêu tên bị từ chối mà chưa sửa.",
                "The fields named were rejected and are not corrected yet.",
            ),
            errors.NotRejectedError: _refused(
                "Chỉ gửi lại được tờ khai bị từ chối.", "Only a rejected declaration can be sent again."
            ),
            errors.AlreadyDecidedError: _refused("Tờ khai đã có kết quả.", "The declaration has been decided."),
            errors.AlreadyWithdrawnError: _refused("Tờ khai đã được rút.", "The declaration has been withdrawn."),
            errors.NotInQueueError: _refused(
                "Tờ khai không còn chờ xử lý.", "The declaration is not waiting for an officer."
            ),
            errors.AlreadyClaimedError: _refused(
                "Cán bộ khác đã nhận tờ khai này.", "Another officer has claimed this declaration."
            ),
            errors.NotClaimedError: _refused("Hãy nhận tờ khai này trước.", "Claim this declaration first."),
            errors.ReasonMissingError: _refused(
                "Từ chối phải nêu ít nhất một lý do.", "A rejection names at least one reason."
            ),
            errors.PhotoQuotaError: _refused(
                "Tờ khai đã nhận đủ số ảnh cho phép.", "The declaration has had as many photos as it may."
            ),
            errors.DeclarationNotFoundError: _gone("Không tìm thấy tờ khai.", "There is no such declaration."),
            UnreadableQrError: Answer(
                422,
                "Unreadable code",
                Bilingual(
                    "Không đọc được mã QR này; những gì đã nhập vẫn giữ nguyên. Hãy quét lại hoặc nhập bằng tay.",
                    "This QR code could not be read; what was typed stays as it is. Scan again, or type the values in.",
                ),
            ),
            PhotoGoneError: _gone("Ảnh không còn được lưu.", "The photo is no longer kept."),
            **HUMAN_PROOF_ERRORS,
        }
    )


def _refused(vi: str, en: str) -> Answer:
    return Answer(409, _TITLE, Bilingual(vi, en))


def _gone(vi: str, en: str) -> Answer:
    return Answer(404, "Not found", Bilingual(vi, en))
