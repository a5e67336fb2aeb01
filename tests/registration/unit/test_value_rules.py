"""Each field's rule: what is accepted, its normal form, and the rule named in a refusal."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registration.domain.form import FormEntries, check_form
from registration.domain.rules.refusal import FormRefusedError, RuleBrokenError
from registration.domain.rules.text import person_name

from tests.registration.builders import entries


def refused(**changes: object) -> dict[str, str]:
    """Return field → rule of the refusal."""
    with pytest.raises(FormRefusedError) as refusal:
        check_form(entries(**changes))
    return {found.field: found.rule.name for found in refusal.value.refusals}


def kept(field: str, raw: object) -> object:
    return getattr(check_form(entries(**{field: raw})), field)


def address(**changes: object) -> dict[str, object]:
    whole = entries().address
    assert whole is not None
    return whole.model_dump() | changes


@pytest.mark.parametrize("raw", ["6600000018", " 6600 000 018 ", "66-0000–0018", "66\u00a00000\u00a00018"])
def test_a_social_insurance_number_is_kept_without_blanks_and_dashes(raw: str) -> None:
    assert kept("social_insurance_number", raw) == "6600000018"


@pytest.mark.parametrize(
    "raw",
    ["660000001", "66000000180", "66000O0018", "６６０００００００１８", "٦٦٠٠٠٠٠٠١٨", "6600000018\x00", "{$ne:null}"],
)
def test_anything_but_ten_digits_is_no_social_insurance_number(raw: str) -> None:
    assert refused(social_insurance_number=raw) == {"social_insurance_number": "social_insurance_number"}


PREFIXES = re.findall(
    "[0-9]{3}",
    "032 033 034 035 036 037 038 039 086 096 097 098 081 082 083 084 085 088 091 094 "
    "070 076 077 078 079 089 090 093 052 056 058 092 059 099 055 087",
)


def test_exactly_the_36_prefixes_are_mobile() -> None:
    assert len(PREFIXES) == 36
    for number in range(1000):
        prefix = f"{number:03d}"
        raw = f"{prefix}0000018"
        if prefix in PREFIXES:
            assert kept("phone", raw) == f"+84{raw[1:]}"
        else:
            assert refused(phone=raw) == {"phone": "mobile_phone"}


@pytest.mark.parametrize(
    "raw", ["0900000018", "+84900000018", "84900000018", "0900 000 018", "0900.000.018", "+84 90-000-00-18"]
)
def test_a_phone_is_kept_in_one_form(raw: str) -> None:
    assert kept("phone", raw) == "+84900000018"


@pytest.mark.parametrize(
    "raw", ["900000018", "+840900000018", "++84900000018", "090000001", "09000000188", "+85900000018"]
)
def test_other_ways_to_write_a_phone_are_refused(raw: str) -> None:
    assert refused(phone=raw) == {"phone": "mobile_phone"}


@pytest.mark.parametrize(
    ("kind", "number", "stored"),
    [
        ("citizen_id", "066 090 000 018", "066090000018"),
        ("legacy_id", "240000018", "240000018"),
        ("legacy_id", "240000000018", "240000000018"),
        ("passport", "b0000018", "B0000018"),
    ],
)
def test_a_paper_is_kept_with_its_kind(kind: str, number: str, stored: str) -> None:
    form = check_form(entries(identity={"kind": kind, "number": number}))
    assert form.identity is not None
    assert (form.identity.kind, form.identity.number) == (kind, stored)


@pytest.mark.parametrize(
    ("kind", "number", "field", "rule"),
    [
        ("citizen_id", "06609000001", "identity.number", "citizen_id"),
        ("legacy_id", "2400000180", "identity.number", "legacy_id"),
        ("passport", "B0018", "identity.number", "passport"),
        ("passport", "ı0000018", "identity.number", "passport"),
        ("driving_licence", "066090000018", "identity.kind", "identity_kind"),
        ("citizen_id", "", "identity.number", "identity_whole"),
        ("", "066090000018", "identity.kind", "identity_whole"),
    ],
)
def test_a_number_that_does_not_fit_its_kind_is_refused(kind: str, number: str, field: str, rule: str) -> None:
    assert refused(identity={"kind": kind, "number": number}) == {field: rule}


def test_a_name_is_kept_composed_and_single_spaced() -> None:
    assert kept("full_name", "  Nguye\u0302\u0303n   Va\u0306n  Mẫu ") == "Nguyễn Văn Mẫu"


@pytest.mark.parametrize(
    "raw",
    [
        "X",
        "Nguyễn\u200bVăn Mẫu",
        "Nguyễn\u202eVăn Mẫu",
        "Nguyễn\nVăn Mẫu",
        "Nguyễn Văn Mẫu\x00",
        "Nguyễn V4n",
        "<b>Mẫu</b>",
        "Nguуễn Văn Mẫu",  # a Cyrillic letter among the Latin ones
        "Mẫu\u0301\u0301\u0301\u0301",
        "Ẫ" * 101,
        "😀 Mẫu",
    ],
)
def test_a_name_of_other_than_visible_latin_letters_is_refused(raw: str) -> None:
    assert refused(full_name=raw) == {"full_name": "person_name"}


def test_a_lone_surrogate_is_no_letter_and_raises_nothing_else() -> None:
    with pytest.raises(RuleBrokenError):
        person_name("Mẫu\ud800")


@pytest.mark.parametrize("raw", ["mau@example.com", "a.b+c@mail.example.vn", "x@a-b.example"])
def test_one_email_address_is_accepted(raw: str) -> None:
    assert kept("email", raw) == raw


def test_an_email_of_254_characters_is_accepted_and_one_more_is_not() -> None:
    domain = ".".join(["a" * 63, "b" * 63, "c" * 57, "com"])
    longest = f"{'x' * 64}@{domain}"
    assert len(longest) == 254
    assert kept("email", longest) == longest
    assert refused(email=longest.replace("ccom", "cccom").replace(".com", "c.com")) == {"email": "email"}


@pytest.mark.sec("SEC-08")
@pytest.mark.parametrize(
    "raw",
    [
        "mau",
        "mau@localhost",
        "a@b.com,c@d.com",
        "a@b.com\r\nBcc: c@d.com",
        "a@b.com\n",
        ".a@b.com",
        "a..b@c.com",
        "mẫu@example.com",
        '"a b"@c.com',
        "a@[127.0.0.1]",
        "x" * 65 + "@example.com",
    ],
)
def test_anything_else_is_no_email_address(raw: str) -> None:
    assert refused(email=raw) == {"email": "email"}


@pytest.mark.req("S-84")
def test_sending_by_email_needs_an_address() -> None:
    assert refused(email=None, send_by_email=True) == {"email": "email_needed"}
    assert refused(email="mau", send_by_email=True) == {"email": "email"}


@pytest.mark.req("S-79")
def test_both_layouts_of_addresses_are_accepted_and_kept_as_given() -> None:
    old = check_form(entries()).address
    new = check_form(entries(address=address(layout="without_districts", district_code=None))).address
    assert old is not None
    assert new is not None
    assert (old.layout, old.district_code) == ("with_districts", "643")
    assert (new.layout, new.district_code) == ("without_districts", None)


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"layout": "other"}, "address.layout", "address_layout"),
        ({"layout": None}, "address.layout", "address_part_needed"),
        ({"province_code": "6"}, "address.province_code", "unit_code"),
        ({"province_code": "03"}, "address.province_code", "known_province"),
        ({"district_code": None}, "address.district_code", "district_needed"),
        ({"layout": "without_districts"}, "address.district_code", "no_district"),
        ({"ward_code": "2412"}, "address.ward_code", "unit_code"),
        ({"ward_code": None}, "address.ward_code", "address_part_needed"),
        ({"street": ""}, "address.street", "address_part_needed"),
        ({"street": "Số 1\nPhố"}, "address.street", "plain_line"),
        ({"street": "- , -"}, "address.street", "plain_line"),
        ({"street": "x" * 201}, "address.street", "plain_line"),
    ],
)
def test_each_part_of_an_address_has_its_rule(changes: dict[str, object], field: str, rule: str) -> None:
    assert refused(address=address(**changes)) == {field: rule}


def test_a_province_that_was_merged_is_unknown_in_the_new_layout() -> None:
    merged = address(layout="without_districts", province_code="64", district_code=None)
    assert refused(address=merged) == {"address.province_code": "known_province"}


@pytest.mark.req("S-59")
def test_a_declaration_of_an_organisation_is_refused_here() -> None:
    assert refused(subject_kind="organisation") == {"subject_kind": "subject_kind"}


@pytest.mark.req("S-71")
def test_papers_are_handed_over_by_post_or_at_the_counter() -> None:
    assert kept("paper_delivery", "post") == "post"
    assert kept("paper_delivery", "counter") == "counter"
    assert refused(paper_delivery="pigeon") == {"paper_delivery": "paper_delivery"}


@pytest.mark.req("S-65")
def test_the_contact_block_holds_person_address_and_phone() -> None:
    form = check_form(entries(contact_person="Trần Thị Thử"))
    assert (form.contact_person, form.email, form.phone) == ("Trần Thị Thử", "mau@example.com", "+84900000018")


@pytest.mark.parametrize(
    ("field", "raw", "rule"),
    [
        ("agency_code", "0660", "agency_code"),
        ("transaction_channel", "fax", "transaction_channel"),
        ("contact_person", "Mẫu\u200d", "person_name"),
    ],
)
def test_each_other_field_has_its_rule(field: str, raw: str, rule: str) -> None:
    assert refused(**{field: raw}) == {field: rule}


@pytest.mark.req("S-68")
@pytest.mark.parametrize("channel", ["portal", "intermediary"])
def test_transactions_go_in_at_the_portal_or_through_an_intermediary(channel: str) -> None:
    assert kept("transaction_channel", channel) == channel


@pytest.mark.req("S-66")
def test_a_certificate_is_whole_or_absent() -> None:
    whole = {"serial": "54:0a FF", "issuer": "CA Thử", "valid_from": "2026-01-31", "valid_to": "2027-01-31"}
    certificate = check_form(entries(certificate=whole)).certificate
    assert certificate is not None
    assert certificate.serial == "540AFF"
    assert check_form(entries(certificate={})).certificate is None
    assert refused(certificate=whole | {"issuer": None}) == {"certificate": "certificate_whole"}
    assert refused(certificate=whole | {"serial": "xyz"}) == {"certificate.serial": "certificate_serial"}
    assert refused(certificate=whole | {"valid_to": "2026-02-30"}) == {"certificate.valid_to": "date"}
    for typed in ("20260228", "2026-W09-6", "2026-059", "２０２６-02-28"):
        assert refused(certificate=whole | {"valid_to": typed}) == {"certificate.valid_to": "date"}
    assert refused(certificate=whole | {"valid_to": "2026-01-31"}) == {"certificate.valid_to": "certificate_dates"}


@pytest.mark.sec("SEC-01")
def test_all_wrong_fields_are_told_at_once_in_the_order_of_the_form() -> None:
    wrong = refused(phone="1", full_name="1", agency_code="x")
    assert list(wrong) == ["full_name", "phone", "agency_code"]


def test_every_refusal_speaks_both_languages_and_shows_a_way_out() -> None:
    with pytest.raises(FormRefusedError) as refusal:
        check_form(entries(phone="1", full_name="1", agency_code="x", email="x", identity={"kind": "x"}))
    for found in refusal.value.refusals:
        texts = (found.rule.message.vi, found.rule.message.en, found.rule.way_out.vi, found.rule.way_out.en)
        assert all(texts)


@pytest.mark.req("S-74")
def test_an_empty_form_is_a_fine_draft() -> None:
    assert check_form(FormEntries()).missing() == (
        "social_insurance_number",
        "full_name",
        "identity",
        "address",
        "phone",
        "agency_code",
        "paper_delivery",
        "pledge_accepted",
    )


TEXT_FIELDS = (
    "social_insurance_number",
    "full_name",
    "contact_person",
    "phone",
    "email",
    "agency_code",
    "paper_delivery",
    "transaction_channel",
    "subject_kind",
)
anything = st.text(max_size=60) | st.text(alphabet=string.digits + " +-.", max_size=20)


@given(field=st.sampled_from(TEXT_FIELDS), raw=anything)
def test_a_value_is_refused_or_kept_in_a_form_that_is_accepted_again(field: str, raw: str) -> None:
    try:
        once = kept(field, raw)
    except FormRefusedError:
        return
    assert once is None or kept(field, once) == once
