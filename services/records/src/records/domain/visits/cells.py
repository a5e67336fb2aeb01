"""Single values of visits, in the codes facilities report in."""

from typing import Final

from records.domain.codes import matching
from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError
from records.domain.visits.visit import (
    DISCHARGE_CODES,
    OUTCOME_CODES,
    VISIT_KINDS,
    DischargeStatus,
    TreatmentOutcome,
    VisitKind,
)

_ICD10: Final = r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,2})?"
_FURTHER_MAX: Final = 12  # Decision 130 holds up to 12 further codes

DOSSIER_ID: Final = Rule(
    "dossier_id",
    Text(
        "Mã lượt khám chỉ gồm chữ cái và chữ số, tối đa 100 ký tự.",
        "The id of a visit has letters and digits, at most 100.",
    ),
    Text("Ghi mã liên kết (MA_LK) của cơ sở.", "Write the facility's id of the visit (MA_LK)."),
)
VISIT_KIND: Final = Rule(
    "visit_kind",
    Text("Loại khám chữa bệnh không có trong danh sách.", "This kind of visit is not in the list."),
    Text(
        "Dùng examination, outpatient, inpatient hoặc day_patient.",
        "Write examination, outpatient, inpatient or day_patient.",
    ),
)
ICD10: Final = Rule(
    "icd10",
    Text("Mã bệnh phải theo ICD-10, ví dụ J20.9.", "A disease code is of ICD-10, such as J20.9."),
    Text("Nhiều mã kèm theo cách nhau bằng dấu chấm phẩy, tối đa 12.", "Separate further codes by ;, at most 12."),
)
DISCHARGE_STATUS: Final = Rule(
    "discharge_status",
    Text("Tình trạng ra viện phải từ 1 đến 4.", "The state at discharge is 1 to 4."),
    Text(
        "1 ra viện, 2 chuyển tuyến, 3 trốn viện, 4 xin ra viện.",
        "1 discharged, 2 transferred, 3 left without leave, 4 on own request.",
    ),
)
OUTCOME: Final = Rule(
    "treatment_outcome",
    Text("Kết quả điều trị phải từ 1 đến 8.", "The outcome of a treatment is 1 to 8."),
    Text(
        "1 khỏi, 2 đỡ, 3 không thay đổi, 4 nặng hơn, 5 tử vong, 6 nặng xin về, 7 chưa xác định, 8 tử vong ngoại viện.",
        "1 cured, 2 better, 3 unchanged, 4 worse, 5 died, 6 grave and taken home, 7 undetermined, 8 died outside.",
    ),
)


def dossier_id(raw: str) -> str:
    return matching(raw, r"[0-9A-Z]{1,100}", DOSSIER_ID)


def visit_kind(raw: str) -> VisitKind:
    for kind in VISIT_KINDS:
        if raw.strip() == kind:
            return kind
    raise RuleBrokenError(VISIT_KIND)


def icd10(raw: str) -> str:
    return matching(raw, _ICD10, ICD10)


def further_icd10(raw: str) -> tuple[str, ...]:
    codes = tuple(icd10(code) for code in raw.split(";") if code.strip())
    if len(codes) > _FURTHER_MAX:
        raise RuleBrokenError(ICD10)
    return tuple(dict.fromkeys(codes))


def discharge_status(raw: str) -> DischargeStatus:
    status = DISCHARGE_CODES.get(raw.strip())
    if status is None:
        raise RuleBrokenError(DISCHARGE_STATUS)
    return status


def treatment_outcome(raw: str) -> TreatmentOutcome:
    outcome = OUTCOME_CODES.get(raw.strip())
    if outcome is None:
        raise RuleBrokenError(OUTCOME)
    return outcome
