"""Which office is near: by province, district and name, for anybody behind a proof (V-07)."""

import pytest
from ansinh_kit.human_check.proof_of_work import solve
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.registration.service import Service


async def ask(service: Service, query: str) -> HttpAnswer:
    proof = solve(service.human_check.challenge())
    return await service.ask("GET", f"/v1/public/agencies?{query}", proof=proof)


@pytest.mark.req("V-07")
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("province=66&district=643", ["066", "06601"]),
        ("province=66&district=647", ["066", "06605"]),
        ("province=66&district=999", ["066"]),
        ("province=01&district=643", ["001"]),
        ("province=66&name=bu%C3%B4n", ["06601", "06602"]),
        ("province=66&name=ho%20BUON", ["06602"]),
        ("province=66&name=c%C6%B0%20m%27gar", ["06605"]),
        ("province=66&name=cu%20m%27gar&district=643", []),
        ("province=48", ["048", "04801", "04802"]),
        ("province=99", []),
    ],
)
async def test_agencies_are_found_by_province_district_and_name(service: Service, query: str, codes: list[str]) -> None:
    answer = await ask(service, query)
    assert [agency["code"] for agency in answer.json()["agencies"]] == codes


@pytest.mark.req("V-07")
async def test_an_agency_tells_its_name_address_phone_and_districts(service: Service) -> None:
    (office,) = (await ask(service, "province=66&name=co%20so%20lak")).json()["agencies"]
    assert (office["name"], office["district_codes"]) == ("Bảo hiểm xã hội cơ sở Lắk", ["656"])
    assert (office["address"], office["phone"]) == ("Số 9, Đường Mẫu, Lắk, tỉnh Đắk Lắk", "0200 000 609")


@pytest.mark.req("V-01")
async def test_looking_for_an_agency_asks_for_a_proof_and_takes_each_once(service: Service) -> None:
    path = "/v1/public/agencies?province=66"
    without = await service.ask("GET", path)
    assert (without.status, without.json()["code"]) == (403, "human_check_required")
    proof = solve(service.human_check.challenge())
    assert [(await service.ask("GET", path, proof=proof)).status for _ in range(2)] == [200, 403]


@pytest.mark.parametrize("query", ["", "province=6", "province=66&district=6", "province=66&name=" + "a" * 101])
async def test_a_search_with_a_wrong_parameter_is_refused(service: Service, query: str) -> None:
    assert (await ask(service, query)).status == 422
