"""Why a field may be rejected: the published codes, their standard texts, and which fields each fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from registration.domain.language import Language
from registration.domain.photos import PHOTO_KINDS
from registration.domain.rules.entry import Entry
from registration.domain.rules.refusal import Checks, Rule, Text
from registration.domain.rules.text import REASON_MAX_CHARACTERS, plain_line

# The agency is not among them: a declaration that reached the wrong agency is moved, not corrected.
REJECTABLE_FORM_FIELDS: Final = (
    "social_insurance_number",
    "full_name",
    "identity",
    "address",
    "contact_person",
    "phone",
    "email",
    "certificate",
    "transaction_channel",
    "paper_delivery",
)
REJECTABLE_FIELDS: Final = (*REJECTABLE_FORM_FIELDS, *PHOTO_KINDS)

REJECTABLE_FIELD: Final = Rule(
    "rejectable_field",
    Text("Mục này không thể bị từ chối.", "This field cannot be rejected."),
    Text("Chọn một mục của tờ khai hoặc một ảnh.", "Choose a field of the declaration or a photo."),
)
REASON_CODE: Final = Rule(
    "reason_code",
    Text("Lý do này không dùng cho mục đã chọn.", "This reason does not fit the chosen field."),
    Text("Chọn một lý do trong danh sách của mục.", "Choose a reason from the field's list."),
)
REASON_TEXT: Final = Rule(
    "reason_text_needed",
    Text("Lý do khác cần được ghi rõ bằng lời.", "Another reason must be put into words."),
    Text("Ghi một câu để người dân biết cần sửa gì.", "Write a sentence that tells the person what to correct."),
)
ONE_REASON_A_FIELD: Final = Rule(
    "one_reason_a_field",
    Text("Mỗi mục chỉ nhận một lý do.", "A field takes one reason only."),
    Text("Gộp các lý do của mục này thành một.", "Join the reasons of this field into one."),
)


@dataclass(frozen=True, slots=True)
class _Code:
    text: Text
    fields: frozenset[str]


_FORM: Final = frozenset(REJECTABLE_FORM_FIELDS)
_PHOTOS: Final = frozenset(PHOTO_KINDS)

REASON_CODES: Final[dict[str, _Code]] = {
    "does_not_match_papers": _Code(
        Text("Không khớp với giấy tờ đã gửi.", "Does not match the papers that were sent."), _FORM
    ),
    "does_not_match_records": _Code(
        Text("Không khớp với dữ liệu của cơ quan BHXH.", "Does not match the agency's records."),
        frozenset({"social_insurance_number", "full_name", "identity", "address"}),
    ),
    "incomplete": _Code(Text("Thông tin chưa đầy đủ.", "The information is not complete."), _FORM),
    "not_reachable": _Code(
        Text("Không liên lạc được theo thông tin này.", "We could not reach you there."), frozenset({"phone", "email"})
    ),
    "expired": _Code(
        Text("Giấy tờ đã hết hạn.", "The paper has expired."),
        frozenset({"identity", "certificate", "identity_front", "identity_back"}),
    ),
    "unreadable": _Code(Text("Ảnh mờ hoặc bị che, không đọc được.", "The photo is blurred or covered."), _PHOTOS),
    "wrong_picture": _Code(Text("Ảnh không đúng loại yêu cầu.", "This is not the picture asked for."), _PHOTOS),
    "not_the_person": _Code(
        Text("Ảnh không phải của người khai.", "The photo does not show the declarant."), frozenset({"portrait"})
    ),
    "other": _Code(Text("Lý do khác.", "Another reason."), _FORM | _PHOTOS),
}


class Reason(BaseModel):
    """Why one field was not accepted. `text` is never empty: the officer's words, or the code's standard text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    code: str
    text: str


class ReasonEntry(BaseModel):
    """A reason as an officer entered it, not yet checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: Entry
    code: Entry
    text: Entry = ""


def check_reasons(entries: Sequence[ReasonEntry], language: Language) -> tuple[Reason, ...]:
    """Return the reasons with their texts in the declarant's language.

    Raises:
        FormRefusedError: Names each entry that is wrong, as `reasons.0.code`.
    """
    checks = Checks()
    seen: set[str] = set()
    reasons: list[Reason] = []
    for index, entry in enumerate(entries):
        place = f"reasons.{index}"
        if entry.field in seen:
            checks.refuse(f"{place}.field", ONE_REASON_A_FIELD)
        seen.add(entry.field)
        reason = _check(entry, place, language, checks)
        if reason is not None:
            reasons.append(reason)
    checks.close()
    return tuple(reasons)


def _check(entry: ReasonEntry, place: str, language: Language, checks: Checks) -> Reason | None:
    code = REASON_CODES.get(entry.code)
    if entry.field not in REJECTABLE_FIELDS:
        checks.refuse(f"{place}.field", REJECTABLE_FIELD)
        return None
    if code is None or entry.field not in code.fields:
        checks.refuse(f"{place}.code", REASON_CODE)
        return None
    if entry.code == "other" and not entry.text.strip():
        checks.refuse(f"{place}.text", REASON_TEXT)
        return None
    words = checks.value(f"{place}.text", entry.text, _reason_words)
    return Reason(field=entry.field, code=entry.code, text=words or code.text.in_language(language))


def _reason_words(raw: str) -> str:
    return plain_line(raw, max_characters=REASON_MAX_CHARACTERS)


def is_known_reason(field: str, code: str) -> bool:
    """Say whether `code` is published for `field`."""
    known = REASON_CODES.get(code)
    return known is not None and field in known.fields
