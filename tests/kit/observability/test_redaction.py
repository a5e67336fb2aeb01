import pytest
from ansinh_kit.observability.redaction import REDACTED, Redaction, event_text, scrubbed
from hypothesis import given
from hypothesis import strategies as st

REDACTION = Redaction(["declaration_id"])


def shown(**fields: object) -> dict[str, object]:
    return dict(REDACTION(None, "info", {"event": "checked", **fields}))


def test_fields_of_the_kit_and_of_the_service_are_shown() -> None:
    assert shown(stream_id="registration-1", declaration_id="d-1", attempt=3) == {
        "event": "checked",
        "stream_id": "registration-1",
        "declaration_id": "d-1",
        "attempt": 3,
    }


@pytest.mark.sec("PII-09")
@given(name=st.from_regex(r"[a-z_]{1,20}", fullmatch=True), value=st.text(min_size=1))
def test_a_field_nobody_allowed_is_blanked(name: str, value: str) -> None:
    assert shown(**{f"{name}_x": value})[f"{name}_x"] == REDACTED


@pytest.mark.sec("PII-09")
@pytest.mark.parametrize(
    "value",
    [
        "0912345678",
        "+84912345678",
        "84912345678",
        "0912 345 678",
        "0912.345.678",
        "079123456789",
        "0123456789",
        "123456",
        "hue.nguyen@example.vn",
        "Hue <a+b@mail.example.vn>",
        "sit_" + "Ab-_" * 11,
        "dct_x",
        "act_" + "A" * 43,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "mongodb://user:pa55word@host/",
    ],
)
def test_what_looks_personal_or_secret_is_scrubbed_from_an_allowed_field(value: str) -> None:
    for text in (value, f"call {value} now", f"({value})", f"a={value};"):
        assert not any(part in scrubbed(text) for part in (value, "912345678", "345", "pa55word", "example"))
        assert REDACTED in scrubbed(text)


@pytest.mark.parametrize(
    "value",
    [
        "3f2b8c1e-5d4a-4c3b-9a8f-123456789012",
        "00000000000000000000000000000001",
        "registration-3f2b8c1e-5d4a-4c3b-9a8f-123456789012",
        "b" * 64,
        "/v1/declarations/{declaration_id}",
        "DatabaseRefusedError",
        "12345",
        "1234567",
    ],
)
def test_ids_routes_and_other_numbers_stay_readable(value: str) -> None:
    assert scrubbed(value) == value


def test_a_number_is_scrubbed_before_a_long_text_is_cut() -> None:
    text = "x " * 147 + "0912345678"
    assert "0912" not in scrubbed(text)


class Person:
    def __repr__(self) -> str:
        return "Nguyen Van A"


@pytest.mark.parametrize("value", [Person(), {"name": "Nguyen Van A"}, b"Nguyen Van A", ValueError("Nguyen Van A")])
def test_only_plain_values_are_shown(value: object) -> None:
    assert shown(reason=value)["reason"] == REDACTED
    assert shown(reason=[value, 1])["reason"] == [REDACTED, 1]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("registration_submitted", "registration_submitted"),
        (
            "Task exception was never retrieved\nfuture: <Task exception=ValueError('Hue')>",
            "Task exception was never retrieved",
        ),
        ("Invalid document {'name': 'Hue'}", "Invalid document"),
        ("cannot reach: Hue", "cannot reach"),
        ("code 123456", f"code {REDACTED}"),
        (ValueError("Hue"), "ValueError"),
    ],
)
def test_an_event_is_a_name_or_the_words_before_a_quotation(event: object, text: str) -> None:
    assert event_text(event) == text


def test_an_errors_representation_keeps_its_class_only() -> None:
    assert shown(error="DatabaseRefusedError('Hue')")["error"] == "DatabaseRefusedError"
