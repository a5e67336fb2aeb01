"""What a person reads when a field breaks a rule: one text per rule name, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ansinh_kit.http.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class RuleText:
    """What is wrong, and where it helps, what to do about it."""

    message: Bilingual
    way_out: Bilingual | None = None


class RuleTexts:
    """Texts by rule name. A service adds its own: `RuleTexts({"mobile_phone": RuleText(...)})`.

    A rule's name is what its validator raises: `PydanticCustomError("mobile_phone", "…")`. Placeholders in the texts
    are filled from the error's context, so a context holds limits, never what was typed in.
    """

    def __init__(self, own: Mapping[str, RuleText] | None = None) -> None:
        self._texts = {**_COMMON_TEXTS, **(own or {})}

    def describe(self, field: str, rule: str, limits: Mapping[str, object]) -> dict[str, Any]:
        """Return the entry of `errors` for one broken rule; an unknown rule reads as not valid."""
        text = self._texts.get(rule, _COMMON_TEXTS["invalid"])
        entry: dict[str, Any] = {"field": field, "rule": rule, "message": text.message.filled(limits).as_dict()}
        if text.way_out is not None:
            entry["way_out"] = text.way_out.filled(limits).as_dict()
        return entry


def rule_name(error_type: str) -> str:
    """Return our name for one of pydantic's error types; a service's own rule keeps its name."""
    return _RULE_OF_TYPE.get(error_type, error_type)


_RULE_OF_TYPE: Final[Mapping[str, str]] = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_few",
    "too_long": "too_many",
    "string_pattern_mismatch": "wrong_form",
    "greater_than": "above",
    "greater_than_equal": "at_least",
    "less_than": "below",
    "less_than_equal": "at_most",
    "literal_error": "not_in_list",
    "enum": "not_in_list",
    "union_tag_invalid": "not_in_list",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "datetime_type": "date_time",
    "datetime_parsing": "date_time",
    "datetime_from_date_parsing": "date_time",
    "timezone_aware": "date_time",
    "string_type": "wrong_type",
    "int_type": "wrong_type",
    "int_parsing": "wrong_type",
    "int_from_float": "wrong_type",
    "float_type": "wrong_type",
    "float_parsing": "wrong_type",
    "bool_type": "wrong_type",
    "bool_parsing": "wrong_type",
    "list_type": "wrong_type",
    "tuple_type": "wrong_type",
    "dict_type": "wrong_type",
    "model_type": "wrong_type",
    "model_attributes_type": "wrong_type",
    "value_error": "invalid",
    "assertion_error": "invalid",
}

_COMMON_TEXTS: Final[Mapping[str, RuleText]] = {
    "invalid": RuleText(Bilingual("Giá trị không hợp lệ.", "This value is not valid.")),
    "required": RuleText(Bilingual("Thông tin này là bắt buộc.", "This is required.")),
    "unknown_field": RuleText(
        Bilingual("Không nhận thông tin này.", "This field is not accepted."),
        Bilingual("Bỏ thông tin này rồi gửi lại.", "Leave it out and send again."),
    ),
    "too_short": RuleText(Bilingual("Cần ít nhất {min_length} ký tự.", "At least {min_length} characters are needed.")),
    "too_long": RuleText(
        Bilingual("Không được quá {max_length} ký tự.", "At most {max_length} characters are allowed.")
    ),
    "too_few": RuleText(Bilingual("Cần ít nhất {min_length} mục.", "At least {min_length} items are needed.")),
    "too_many": RuleText(Bilingual("Không được quá {max_length} mục.", "At most {max_length} items are allowed.")),
    "wrong_form": RuleText(Bilingual("Chưa đúng định dạng.", "This does not have the right form.")),
    "above": RuleText(Bilingual("Phải lớn hơn {gt}.", "Must be greater than {gt}.")),
    "at_least": RuleText(Bilingual("Phải từ {ge} trở lên.", "Must be at least {ge}.")),
    "below": RuleText(Bilingual("Phải nhỏ hơn {lt}.", "Must be less than {lt}.")),
    "at_most": RuleText(Bilingual("Phải từ {le} trở xuống.", "Must be at most {le}.")),
    "not_in_list": RuleText(Bilingual("Giá trị không có trong danh sách.", "This is not one of the choices.")),
    "repeated": RuleText(
        Bilingual("Thông tin này được gửi hai lần.", "This came twice."),
        Bilingual("Gửi mỗi thông tin một lần.", "Send each name once."),
    ),
    "wrong_type": RuleText(Bilingual("Kiểu dữ liệu không đúng.", "This has the wrong type.")),
    "date": RuleText(
        Bilingual("Ngày không hợp lệ.", "This is not a date."),
        Bilingual("Nhập ngày dạng năm-tháng-ngày, ví dụ 1990-01-31.", "Write year-month-day, such as 1990-01-31."),
    ),
    "date_time": RuleText(Bilingual("Thời điểm không hợp lệ.", "This is not a moment in time.")),
    "malformed_json": RuleText(Bilingual("Nội dung không phải JSON hợp lệ.", "The body is not valid JSON.")),
    "duplicate_key": RuleText(Bilingual("Một thông tin được gửi hai lần.", "A name stands twice in one object.")),
    "number_out_of_range": RuleText(Bilingual("Số quá lớn hoặc không phải là số.", "A number is out of range.")),
    "too_deep": RuleText(
        Bilingual("Dữ liệu lồng quá {max_depth} tầng.", "The body is nested deeper than {max_depth} levels.")
    ),
    "forbidden_key": RuleText(
        Bilingual("Tên thông tin có ký tự không được dùng.", "A name holds characters that are not allowed.")
    ),
    "idempotency_key": RuleText(
        Bilingual("Mã chống gửi trùng không đúng dạng.", "This key does not have the right form."),
        Bilingual(
            "Dùng 22 đến 64 chữ cái, chữ số, gạch ngang hoặc gạch dưới, chọn ngẫu nhiên.",
            "Use 22 to 64 random letters, digits, dashes or underscores.",
        ),
    ),
    "key_reused": RuleText(
        Bilingual("Mã chống gửi trùng đã dùng cho nội dung khác.", "This key was used for another content."),
        Bilingual("Gửi lại với mã mới.", "Send it again with a new key."),
    ),
}
