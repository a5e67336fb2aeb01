"""The ways in which files are bad: each is told by line, column and rule, and spoils no row beside it."""

import json
from datetime import date
from decimal import Decimal

import pytest
from records.domain.bulk.cells import amount, day, month, text
from records.domain.bulk.columns import Column, Columns
from records.domain.bulk.contributions import months_refusals
from records.domain.bulk.lines import Line, LineSplitter
from records.domain.month import Month
from records.domain.rules import RuleBrokenError

from tests.records.unit.bulk.reading import ROW, csv_of, file_refusal, read, row


def test_a_good_row_gives_checked_values() -> None:
    (values,) = read(csv_of(row())).rows
    assert values["from_month"] == Month.of(2020, 1)
    assert (values["employer_name"], values["value"], values["note"]) == ("Công ty Mẫu", Decimal(5000000), None)


@pytest.mark.parametrize("block", [1, 2, 3, 64, 10_000])
def test_a_file_reads_the_same_however_it_is_cut_into_blocks(block: int) -> None:
    content = csv_of(row(), row(value="-1"), row(to_month="13/2020"))
    assert read(content, block=block) == read(content)


def test_a_byte_order_mark_and_crlf_change_nothing() -> None:
    content = csv_of(row(), row(value="x"))
    dressed = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    assert read(dressed) == read(content)


def test_blank_lines_are_no_rows_and_are_counted() -> None:
    content = csv_of(row()) + b"\n  \n" + csv_of(row(value="x")).split(b"\n")[1]
    assert read(content).told() == [(5, "value", "not_an_amount")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1258"])
def test_a_file_in_another_encoding_is_refused_as_a_whole(encoding: str) -> None:
    content = ",".join([*ROW, "Ghi chú đấy"]).replace("ấ", "a").encode(encoding, errors="replace") + b"\n"
    assert file_refusal(content).rule.name in ("not_utf8", "unknown_column")


def test_a_line_that_is_no_utf8_spoils_only_itself() -> None:
    content = csv_of(row(), row(), row()).split(b"\n")
    content[2] = content[2].replace("Công".encode(), b"C\xf4ng")
    found = read(b"\n".join(content))
    assert found.told() == [(3, None, "not_utf8")]
    assert len(found.rows) == 2


def test_a_line_that_is_too_long_spoils_only_itself() -> None:
    content = csv_of(row(), row(note="x" * 5_000), row())
    found = read(content.replace(b"value\n", b"value,note\n").replace(b"5000000\n", b"5000000,\n"))
    assert found.told() == [(3, None, "line_too_long")]
    assert len(found.rows) == 2


def test_a_line_without_end_is_never_held() -> None:
    splitter = LineSplitter(limit_bytes=1_000)
    block = b"x" * 4_096
    for _ in range(10_000):
        assert list(splitter.feed(block)) == []
        assert len(splitter._rest) <= 1_000
    assert list(splitter.feed(b"x\nnext\n")) == [Line(1, None), Line(2, b"next")]


def test_a_last_line_needs_no_end_and_an_end_makes_no_line() -> None:
    with_end, without = LineSplitter(), LineSplitter()
    assert [*with_end.feed(b"a\nb\n"), *with_end.finish()] == [Line(1, b"a"), Line(2, b"b")]
    assert [*without.feed(b"a\nb"), *without.finish()] == [Line(1, b"a"), Line(2, b"b")]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"  \r\n\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert file_refusal(content).rule.name == "empty_file"


def test_a_file_with_an_unknown_column_is_refused_without_showing_its_name() -> None:
    refusal = file_refusal(csv_of(row(salary="1")))
    assert (refusal.rule.name, refusal.shape) == ("unknown_column", "a{6}")


def test_a_file_without_a_required_column_is_refused() -> None:
    refusal = file_refusal(csv_of({name: value for name, value in ROW.items() if name != "kind"}))
    assert (refusal.rule.name, refusal.column) == ("missing_column", "kind")


def test_a_file_without_any_number_of_people_is_refused() -> None:
    refusal = file_refusal(csv_of({name: value for name, value in ROW.items() if name != "social_insurance_number"}))
    assert (refusal.rule.name, refusal.column) == ("missing_column", "social_insurance_number")


def test_a_file_with_a_doubled_column_is_refused() -> None:
    refusal = file_refusal(csv_of(row()).replace(b"occupation", b"kind"))
    assert (refusal.rule.name, refusal.column) == ("doubled_column", "kind")


def test_a_row_with_a_cell_too_many_spoils_only_itself() -> None:
    found = read(csv_of(row(), row(occupation="Thợ may, cắt"), row(occupation='"Thợ may, cắt"')))
    assert found.told() == [(3, None, "column_count")]
    assert [values["occupation"] for values in found.rows] == ["Thợ may", "Thợ may, cắt"]


def test_a_quotation_mark_left_open_does_not_swallow_the_next_row() -> None:
    found = read(csv_of(row(), row(occupation='"Thợ may'), row()))
    assert found.told() == [(3, None, "broken_quotes")]
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("social_insurance_number", "66000000180", "wrong_shape"),
        ("social_insurance_number", "", "required"),
        ("kind", "BHXH", "not_one_of"),
        ("from_month", "2020-01", "not_a_month"),
        ("from_month", "13/2020", "not_a_month"),
        ("from_month", "", "required"),
        ("value", "-5000000", "negative"),
        ("value", "5.000.000", "not_an_amount"),
        ("value", "1e6", "not_an_amount"),
        ("value", "٥", "not_an_amount"),
        ("employer_name", "=cmd|'/c calc'!A1", "formula"),
        ("employer_name", "+1+1", "formula"),
        ("employer_name", "@SUM(A1)", "formula"),
        ("employer_code", "=1+1", "formula"),
        ("employer_name", "a\x00b", "control_character"),
        ("employer_name", "a\u202eb", "control_character"),
        ("employer_name", "x" * 201, "too_long"),
    ],
)
def test_a_bad_value_is_told_by_line_column_and_rule(column: str, value: str, rule: str) -> None:
    found = read(csv_of(row(), row(**{column: value}), row()))
    assert found.told() == [(3, column, rule)]
    assert len(found.rows) == 2


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    found = read(csv_of(row(from_month="1/2020", value="-1", kind="x")))
    assert [column for _, column, _ in found.told()] == ["kind", "from_month", "value"]


@pytest.mark.parametrize("raw", ["31/02/2021", "29/02/2021", "00/01/2021", "2021-01-01", "1/1/2021", "32/01/2021"])
def test_a_day_that_is_not_in_the_calendar_is_refused(raw: str) -> None:
    with pytest.raises(RuleBrokenError) as broken:
        day(raw)
    assert broken.value.rule.name == "not_a_date"
    assert day("29/02/2020") == date(2020, 2, 29)


def test_months_that_are_reversed_or_have_not_come_are_refused() -> None:
    current = Month.of(2026, 11)

    def told(first: str, last: str) -> list[str]:
        values = {"from_month": month(first), "to_month": month(last)}
        return [refusal.rule.name for refusal in months_refusals(values, 2, current=current)]

    assert told("02/2020", "01/2020") == ["reversed"]
    assert told("11/2026", "12/2026") == ["in_the_future"]
    assert told("11/2026", "11/2026") == []


def test_json_lines_read_as_csv_does() -> None:
    objects = [ROW, row(value="2.34") | {"note": None}, ROW | {"value": 5000000}]
    content = "\n".join(json.dumps(one) for one in objects).encode()
    assert read(content).rows == read(csv_of(row(), row(value="2.34"), row())).rows


@pytest.mark.parametrize(
    ("line", "column", "rule"),
    [
        ("not json", None, "not_an_object"),
        ("[1]", None, "not_an_object"),
        ("[" * 900, None, "not_an_object"),
        (json.dumps(ROW | {"value": 1.5}), "value", "not_text"),
        (json.dumps(ROW | {"note": {"a": 1}}), "note", "not_text"),
        (json.dumps(ROW | {"note": True}), "note", "not_text"),
        (json.dumps(ROW | {"salary": "1"}), "header", "unknown_column"),
        (json.dumps(ROW)[:-1] + ', "kind": "health"}', "kind", "doubled_column"),
        (json.dumps({"kind": "social", "employer_code": "TA0001Z"}), "from_month", "missing_column"),
        (json.dumps(ROW | {"employer_name": "\ud800"}), "employer_name", "control_character"),
    ],
)
def test_a_bad_json_line_spoils_only_itself(line: str, column: str | None, rule: str) -> None:
    good = json.dumps(ROW)
    found = read(f"{good}\n{line}\n{good}\n".encode())
    assert found.told()[0] == (2, column, rule)
    assert len(found.rows) == 2


def test_a_refusal_never_shows_the_value() -> None:
    found = read(csv_of(row(social_insurance_number="66000O0018", employer_name="=Nguyễn Văn Mẫu")))
    assert [refusal.shape for refusal in found.refusals] == ["9{5}A9999", "=Aa{5} Aaa Aaa"]


def test_amounts_keep_what_was_written() -> None:
    assert str(amount("2.34")) == "2.34"
    assert str(amount("5000000")) == "5000000"


def test_text_is_normalised() -> None:
    assert text(10)("A\u0302") == "Â"


def test_a_row_must_name_a_person_by_one_number_at_least() -> None:
    columns = Columns([Column("a", text(9)), Column("b", text(9))], one_of=("a", "b"))
    assert read(b"a,b\nx,\n,y\n, \n", columns=columns).told() == [(4, "a", "required")]
