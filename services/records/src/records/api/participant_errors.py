"""How refusals about participants, their accounts and guardians are told."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.problems import Answer

from records.api.errors import forbidden, gone, refused
from records.domain.participant import errors
from records.handlers import own_records

PARTICIPANT_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    errors.ParticipantNotFoundError: gone("Không tìm thấy người tham gia.", "There is no such participant."),
    errors.ParticipantExistsError: refused("Người tham gia này đã có hồ sơ.", "This participant is on record already."),
    errors.ParticipantMergedAwayError: refused(
        "Hồ sơ này đã được gộp vào hồ sơ khác.", "This record was merged into another one."
    ),
    errors.NumberTakenError: refused(
        "Một số định danh đã thuộc về người tham gia khác.", "One of the numbers is another participant's."
    ),
    errors.StaffBarredError: forbidden(
        "Hồ sơ này là của chính bạn hoặc của người thân; hãy để đồng nghiệp xử lý.",
        "This record is your own, or that of somebody close to you: let a colleague do it.",
    ),
    errors.StaffNotBarredError: gone(
        "Cán bộ này không bị hạn chế với hồ sơ.", "This member of staff is not barred from the record."
    ),
    errors.NotAMinorError: refused(
        "Chỉ người chưa đủ 18 tuổi, có ngày sinh đã biết, mới có người giám hộ.",
        "Only somebody under 18, whose birth date is known, has a guardian.",
    ),
    errors.OwnGuardianError: refused("Không ai là người giám hộ của chính mình.", "Nobody is their own guardian."),
    errors.GuardianNotAppointedError: gone("Không có người giám hộ này.", "This guardian was not appointed."),
    errors.LinkNotHeldError: refused(
        "Không có tài khoản nào của người này đang chờ đối chiếu.", "No account of that person waits to be compared."
    ),
    errors.LinkNotStandingError: refused(
        "Tài khoản này chưa gắn với hồ sơ.", "This account is not linked to the record."
    ),
    errors.SameParticipantError: refused("Hai hồ sơ này đã là một.", "The two records are one already."),
    errors.MergeUnderWayError: refused(
        "Một hồ sơ khác đang được gộp vào hồ sơ này. Hãy thử lại sau.",
        "Another record is being merged into this one. Try again later.",
    ),
    own_records.NoRecordLinkedError: gone(
        "Tài khoản chưa gắn với hồ sơ BHXH nào. Vui lòng liên hệ cơ quan BHXH.",
        "No insurance record is linked to this account yet. Please contact the agency.",
    ),
    own_records.LinkHeldError: refused(
        "Cơ quan BHXH đang đối chiếu tờ khai với hồ sơ. Hồ sơ sẽ mở khi đối chiếu xong.",
        "The agency is comparing the declaration with the record. The record opens when that is done.",
    ),
    own_records.LinkRefusedError: forbidden(
        "Cơ quan BHXH xác định hồ sơ này không phải của chủ tài khoản. Vui lòng liên hệ cơ quan BHXH.",
        "The agency found that the record is not the account holder's. Please contact the agency.",
    ),
}
