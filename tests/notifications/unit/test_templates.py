"""Every text, in both languages, with the longest values it can meet; and what it looks like, as files."""

import itertools
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, get_args

import jinja2
import pytest
from notifications.domain.content import (
    AccountLocked,
    AccountOpened,
    AccountTakenOver,
    AccountUnlocked,
    ContactChanged,
    ContactChangeTakenBack,
    CorrectionReceived,
    DeclarationReceived,
    DeclarationRejected,
    DeviceBound,
    DeviceRemoved,
    DisputeAnswered,
    DisputeSettled,
    DuplicateDeclaration,
    EIdLinked,
    EIdUnlinked,
    FormLine,
    Language,
    LateMonths,
    MessageKind,
    NoticeKind,
    PasskeyAdded,
    PasskeyRemoved,
    PasswordChanged,
    PasswordMarkedCompromised,
    PasswordRecovered,
    Reason,
    RecoveryApproved,
    RecoveryWithdrawn,
    SavedCodesMade,
    SecretKind,
    UnpaidMonths,
)
from notifications.templates.catalogue import CHANNELS, CURRENT_VERSION
from notifications.templates.renderer import Renderer, Surroundings, TemplateKey, TooLongForSmsError
from notifications.templates.sms_alphabet import NotGsmTextError, septets, without_marks

_SNAPSHOTS: Final = Path(__file__).parent.parent / "snapshots"
_TEXTS: Final = Path(__file__).parents[3] / "services/notifications/src/notifications/templates/texts"
_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_DUE: Final = datetime(2026, 9, 28, 10, 0, tzinfo=UTC)
_LONGEST_DOSSIER: Final = "00018.G/2026/06601"
_DISPUTE: Final = "PA000018/2026/06601"

_NOTICES: Final = (
    DeclarationReceived(
        dossier_number=_LONGEST_DOSSIER,
        due_at=_DUE,
        form=(FormLine(field="full_name", value="Nguyễn Văn Mẫu"), FormLine(field="address.ward", value="Tân Lợi")),
    ),
    CorrectionReceived(dossier_number=_LONGEST_DOSSIER, due_at=_DUE),
    DeclarationRejected(
        dossier_number=_LONGEST_DOSSIER,
        reasons=(
            Reason(field="portrait", text="Ảnh bị mờ, không nhìn rõ khuôn mặt. Xin chụp lại ở nơi đủ sáng."),
            Reason(field="identity", text="Số khác với ảnh <giấy tờ> & tờ khai."),
            *(Reason(field="something_new", text="…") for _ in range(8)),
        ),
    ),
    DuplicateDeclaration(dossier_number=_LONGEST_DOSSIER),
    AccountOpened(dossier_number=_LONGEST_DOSSIER),
    AccountTakenOver(device_kind="tablet", happened_at=_DUE),
    PasswordChanged(happened_at=_DUE),
    PasswordMarkedCompromised(reason="found_in_leak", happened_at=_DUE),
    PasswordRecovered(way="device_key", happened_at=_DUE),
    RecoveryApproved(agency_code="06601", happened_at=_DUE, opens_at=_DUE),
    RecoveryWithdrawn(by="holder", happened_at=_DUE),
    SavedCodesMade(count=8, happened_at=_DUE),
    AccountLocked(by="holder", happened_at=_DUE),
    AccountUnlocked(happened_at=_DUE),
    DeviceBound(device_kind="tablet", happened_at=_DUE),
    DeviceRemoved(device_kind="tablet", happened_at=_DUE),
    PasskeyAdded(happened_at=_DUE),
    PasskeyRemoved(happened_at=_DUE),
    EIdLinked(happened_at=_DUE),
    EIdUnlinked(happened_at=_DUE),
    ContactChanged(
        slot="second_phone",
        masked_contact="090 *** **18",
        happened_at=_DUE,
        objection_code="7K3M-Q9TX-2HBD-V",
    ),
    ContactChangeTakenBack(slot="second_phone", happened_at=_DUE),
    DisputeAnswered(dispute_number=_DISPUTE),
    DisputeSettled(dispute_number=_DISPUTE, outcome="stands"),
    UnpaidMonths(
        month="2026-09",
        lines=(
            LateMonths(insurance="social", employer="Công ty <Mẫu> & Bạn", from_month="2026-03", to_month="2026-07"),
            LateMonths(insurance="accident", employer="TA0001Z", from_month="2026-07", to_month="2026-07"),
        ),
    ),
)
_SECRET_FACTS: Final[dict[str, Any]] = {"secret": "048213", "expires_at": _DUE}
_FACTS: Final[dict[str, dict[str, Any]]] = {
    **{notice.kind: {"recipient_name": "Nguyễn Văn Mẫu", **dict(notice)} for notice in _NOTICES},
    **dict.fromkeys(get_args(SecretKind), _SECRET_FACTS),
    "activation_link": {**_SECRET_FACTS, "secret": "act_" + "A" * 43},
}


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    surroundings = Surroundings(
        portal_url="https://ansinh.example.vn", support_phone="1900 0000 00", code_life_minutes=10
    )
    return Renderer(surroundings)


def key(kind: MessageKind, language: Language) -> TemplateKey:
    return TemplateKey(kind, language, CURRENT_VERSION[kind])


_SMS: Final = [(kind, language) for kind in CHANNELS if "sms" in CHANNELS[kind] for language in _LANGUAGES]
_EMAIL: Final = [(kind, language) for kind in CHANNELS if "email" in CHANNELS[kind] for language in _LANGUAGES]


def test_every_kind_of_message_has_its_texts_and_every_text_its_kind() -> None:
    kinds: set[MessageKind] = {*get_args(NoticeKind), *get_args(SecretKind)}
    assert set(CHANNELS) == kinds
    expected = {
        f"{kind}/v{version}/{channel}.{language}.j2"
        for kind in kinds
        for version in range(1, CURRENT_VERSION[kind] + 1)
        for channel, language in itertools.product(CHANNELS[kind], _LANGUAGES)
    }
    assert {str(path.relative_to(_TEXTS)) for path in _TEXTS.glob("*/*/*.j2")} == expected


@pytest.mark.sec("LIM-11")
@pytest.mark.parametrize(("kind", "language"), _SMS)
def test_an_sms_fits_names_the_service_and_has_no_link(
    renderer: Renderer, kind: MessageKind, language: Language
) -> None:
    text = renderer.sms(key(kind, language), _FACTS[kind])
    assert septets(text) <= 160
    assert text.startswith("An Sinh So: ")
    assert "://" not in text
    assert not re.search(r"\b[a-z]+\.(vn|com|example)\b", text)
    _compare(f"{kind}.{language}.sms.txt", text + "\n")


@pytest.mark.parametrize(("kind", "language"), _EMAIL)
def test_an_email_reads_as_it_was_approved(renderer: Renderer, kind: MessageKind, language: Language) -> None:
    email = renderer.email(key(kind, language), _FACTS[kind])
    assert max(len(line) for line in email.text.splitlines() if "://" not in line) <= 78
    _compare(f"{kind}.{language}.email.txt", f"Subject: {email.subject}\n\n{email.text}")
    _compare(f"{kind}.{language}.email.html", email.html)


def _compare(name: str, text: str) -> None:
    """An approved text changes with its snapshot: delete the file, run the test, read the diff."""
    path = _SNAPSHOTS / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{name} was written: read it, then run again")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.sec("LIM-21")
@pytest.mark.req("V-24")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_approval_says_where_to_activate_and_holds_no_secret(renderer: Renderer, language: Language) -> None:
    facts = AccountOpened(dossier_number="00018/2026/06601")
    text = renderer.sms(key("account_opened", language), dict(facts))
    assert ("Kich hoat tai khoan" if language == "vi" else "Activate account") in text
    assert set(re.findall(r"\d+", text)) == {"00018", "2026", "06601"}


@pytest.mark.req("V-19")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_receipt_tells_the_dossier_number_and_the_due_time_in_vietnams_time(
    renderer: Renderer, language: Language
) -> None:
    text = renderer.sms(key("declaration_received", language), _FACTS["declaration_received"])
    assert _LONGEST_DOSSIER in text
    assert ("17:00 28/09/2026" if language == "vi" else "17:00 28 Sep 2026") in text


@pytest.mark.req("S-96")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_rejection_by_email_names_every_reason(renderer: Renderer, language: Language) -> None:
    email = renderer.email(key("declaration_rejected", language), _FACTS["declaration_rejected"])
    assert "Ảnh bị mờ" in email.text
    assert ("Ảnh chân dung" if language == "vi" else "Portrait photo") in email.text
    assert ("Mục khác" if language == "vi" else "Another entry") in email.text


def test_the_copy_of_the_declaration_is_only_in_the_mail_if_it_was_asked_for(renderer: Renderer) -> None:
    facts = {"recipient_name": "Nguyễn Văn Mẫu", **dict(_NOTICES[0])}
    assert "Tân Lợi" in renderer.email(key("declaration_received", "vi"), facts).text
    assert "bản sao" not in renderer.email(key("declaration_received", "vi"), {**facts, "form": ()}).text


@pytest.mark.req("V-26")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_notice_of_unpaid_months_names_employer_and_months(renderer: Renderer, language: Language) -> None:
    text = renderer.email(key("unpaid_months", language), _FACTS["unpaid_months"]).text
    assert "Công ty <Mẫu> & Bạn: 03/2026 – 07/2026" in text
    assert "TA0001Z: 07/2026" in text


_SETTLED: Final = list(itertools.product(("corrected", "withdrawn"), _LANGUAGES))


@pytest.mark.req("V-27")
@pytest.mark.parametrize(("outcome", "language"), _SETTLED)
def test_the_end_of_a_dispute_reads_as_it_was_approved_however_it_ended(
    renderer: Renderer, outcome: str, language: Language
) -> None:
    facts = {**_FACTS["dispute_settled"], "outcome": outcome}
    sms = renderer.sms(key("dispute_settled", language), facts)
    email = renderer.email(key("dispute_settled", language), facts)
    assert septets(sms) <= 160
    assert _DISPUTE in sms
    _compare(f"dispute_settled.{outcome}.{language}.sms.txt", sms + "\n")
    _compare(f"dispute_settled.{outcome}.{language}.email.txt", f"Subject: {email.subject}\n\n{email.text}")
    _compare(f"dispute_settled.{outcome}.{language}.email.html", email.html)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_no_two_ends_of_a_dispute_are_told_alike(renderer: Renderer, language: Language) -> None:
    ends = [{**_FACTS["dispute_settled"], "outcome": outcome} for outcome in ("corrected", "stands", "withdrawn")]
    assert len({renderer.sms(key("dispute_settled", language), facts) for facts in ends}) == len(ends)
    assert len({renderer.email(key("dispute_settled", language), facts).text for facts in ends}) == len(ends)


@pytest.mark.sec("SEC-08")
def test_line_breaks_in_a_value_never_reach_the_subject(renderer: Renderer) -> None:
    facts = {**_FACTS["declaration_received"], "dossier_number": "1\r\nBcc: a@b.vn\u2028\x00\n\n2"}
    subject = renderer.email(key("declaration_received", "vi"), facts).subject
    assert subject.endswith("số hồ sơ 1 Bcc: a@b.vn 2")


def test_markup_in_a_value_is_text_in_the_html(renderer: Renderer) -> None:
    name = "<script>alert(1)</script>"
    html = renderer.email(key("account_opened", "en"), {**_FACTS["account_opened"], "recipient_name": name}).html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_template_syntax_in_a_value_is_not_run(renderer: Renderer) -> None:
    text = renderer.email(
        key("account_opened", "en"), {**_FACTS["account_opened"], "recipient_name": "{{ 7 * 7 }}{% raw %}"}
    ).text
    assert "{{ 7 * 7 }}{% raw %}" in text


def test_a_missing_fact_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(jinja2.UndefinedError):
        renderer.sms(key("account_opened", "vi"), {})


def test_a_text_of_161_characters_is_refused(renderer: Renderer) -> None:
    length = septets(renderer.sms(key("account_opened", "vi"), {"dossier_number": "1"})) - 1
    renderer.sms(key("account_opened", "vi"), {"dossier_number": "1" * (160 - length)})
    with pytest.raises(TooLongForSmsError):
        renderer.sms(key("account_opened", "vi"), {"dossier_number": "1" * (161 - length)})


def test_vietnamese_without_marks_is_plain_gsm_text() -> None:
    every = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"
    plain = without_marks(every + every.upper())
    assert plain.isascii()
    assert septets(plain) == 2 * len(every)


def test_a_character_outside_the_alphabet_is_named() -> None:
    with pytest.raises(NotGsmTextError, match=r"U\+1EA1"):
        septets("ạ")


def test_an_extended_character_counts_twice() -> None:
    assert septets("[€]") == 6
