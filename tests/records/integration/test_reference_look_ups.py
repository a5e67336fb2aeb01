"""Facilities, employers, organisations that collect and their points: found by anybody behind a proof."""

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.records.desk import Desk


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


@pytest.mark.req("V-08")
@pytest.mark.req("V-09")
@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("facilities?province=66&name=benh%20vien", ["66001", "66002"]),
        ("facilities?province=66&name=B%E1%BB%87nh%20vi%E1%BB%87n", ["66001", "66002"]),
        ("facilities?province=66&limit=1&skip=2", ["66003"]),
        ("facilities?province=66&name=khong%20co", []),
        ("employers?province=66&name=tan%20mau", ["TA0002Z", "TA0003Z"]),
        ("employers?province=01", ["HA0001Z", "HA0002Z", "HA0003Z"]),
        ("collection-organisations?province=66&name=buu%20dien", ["T66001"]),
        ("collection-organisations?province=66&name=D%E1%BB%8Bch%20v%E1%BB%A5", ["T66002", "T66003"]),
    ],
)
async def test_reference_documents_are_found_by_province_and_name(desk: Desk, path: str, codes: list[str]) -> None:
    answer = await desk.service.ask("GET", f"/v1/public/{path}", proof=desk.proof())
    (entries,) = answer.json().values()
    assert [entry["code"] for entry in entries] == codes


async def test_a_facility_says_whether_it_has_a_contract_and_issues_sick_leave_papers(desk: Desk) -> None:
    answer = await desk.service.ask("GET", "/v1/public/facilities?province=66", proof=desk.proof())
    found = {
        entry["code"]: (entry["has_contract"], entry["issues_sick_leave"]) for entry in answer.json()["facilities"]
    }
    assert (found["66001"], found["66003"], found["66004"]) == ((True, True), (True, False), (False, False))


@pytest.mark.parametrize("query", ["", "?province=6", "?province=66&limit=101", "?province=66&name=" + "a" * 101])
async def test_a_search_with_a_wrong_parameter_is_refused(desk: Desk, query: str) -> None:
    answer = await desk.service.ask("GET", f"/v1/public/employers{query}", proof=desk.proof())
    assert answer.status == 422


async def points(desk: Desk, query: str) -> HttpAnswer:
    return await desk.service.ask("GET", f"/v1/public/collection-points?{query}", proof=desk.proof())


@pytest.mark.req("V-06")
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("province=66&name=diem%20thu", ["T66001001", "T66001002", "T66001003"]),
        ("province=66&name=%C4%90i%E1%BB%83m%20thu%20T%C3%A2n", ["T66001001", "T66001002"]),
        (
            "province=66&layout=with_districts&district=643",
            ["T66001001", "T66001002", "T66002001", "T66003001"],
        ),
        ("province=66&layout=with_districts&district=643&ward=24118", ["T66001002"]),
        ("province=66&layout=with_districts&district=644&ward=24118", []),
        ("province=66&ward=24133", ["T66001001", "T66002001"]),
        ("province=66&layout=with_districts&ward=24133", []),
        (
            "province=66&ward=24133&hamlet=T%E1%BB%95%20d%C3%A2n%20ph%E1%BB%91%20%C4%90%C3%ACnh%20M%E1%BA%ABu",
            ["T66002001"],
        ),
        ("province=66&ward=24133&hamlet=to%20dan%20pho%20dinh%20mau", ["T66002001"]),
        ("province=66&ward=24305&hamlet=to%20dan%20pho%20dinh%20mau", []),
        ("province=01&ward=24133", []),
        ("province=66&limit=1&skip=1", ["T66001002"]),
    ],
)
async def test_points_are_found_by_place_and_name(desk: Desk, query: str, codes: list[str]) -> None:
    answer = await points(desk, query)
    assert [point["code"] for point in answer.json()["points"]] == codes


@pytest.mark.req("V-06")
async def test_a_point_tells_its_name_address_and_phone_and_what_it_is(desk: Desk) -> None:
    (agent,) = (await points(desk, "province=66&name=tran%20thi%20thu")).json()["points"]
    assert (agent["name"], agent["kind"], agent["organisation_code"]) == ("Đại lý thu Trần Thị Thử", "agent", "T66002")
    assert (agent["address"], agent["phone"]) == ("Số 34, Phố Thử Nghiệm, Buôn Ma Thuột, Đắk Lắk", "0900000264")
    (former, present) = agent["places"]
    assert (former["layout"], former["district_code"], former["ward_code"]) == ("with_districts", "643", "24136")
    assert (present["layout"], present["ward_code"]) == ("without_districts", "24133")


@pytest.mark.req("V-06")
@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("province=66&district=643", "district", "no_districts"),
        ("province=66&hamlet=Th%C3%B4n", "hamlet", "hamlet_of_a_ward"),
        ("province=66&ward=24133&hamlet=%E2%80%8B", "hamlet", "plain_line"),
    ],
)
async def test_what_does_not_go_together_is_refused_with_its_reason_and_costs_no_proof(
    desk: Desk, query: str, field: str, rule: str
) -> None:
    proof = desk.proof()
    refused = await desk.service.ask("GET", f"/v1/public/collection-points?{query}", proof=proof)
    assert refused.status == 422
    assert [(error["field"], error["rule"]) for error in refused.json()["errors"]] == [(field, rule)]
    again = await desk.service.ask("GET", "/v1/public/collection-points?province=66", proof=proof)
    assert again.status == 200


@pytest.mark.parametrize(
    "query", ["district=643", "province=66&ward=1", "province=66&layout=x", "province=66&district=x"]
)
async def test_a_wrong_place_is_refused(desk: Desk, query: str) -> None:
    assert (await points(desk, query)).status == 422
