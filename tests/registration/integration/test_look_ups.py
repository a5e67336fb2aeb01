"""What everyone may ask: agencies, units, and what a scanned card says."""

import pytest
from ansinh_kit.http.problem_schema import PROBLEM_RESPONSES

from tests.registration.service import Service
from tests.registration.unit.test_card_readers import CITIZEN_CARD, FULL_HEALTH_CARD, SHORT_CITIZEN_CARD


@pytest.mark.req("S-55")
@pytest.mark.req("S-70")
@pytest.mark.req("V-07")
async def test_agencies_are_listed_with_address_and_phone(service: Service) -> None:
    everywhere = (await service.ask("GET", "/v1/agencies")).json()["agencies"]
    assert len([agency for agency in everywhere if agency["kind"] == "provincial"]) == 34
    here = (await service.ask("GET", "/v1/agencies?province=66")).json()["agencies"]
    assert {agency["province_code"] for agency in here} == {"66"}
    assert all(agency["address"] and agency["phone"] for agency in here)
    assert {"066", "06601"} <= {agency["code"] for agency in here}


@pytest.mark.req("S-79")
async def test_units_are_listed_in_both_layouts(service: Service) -> None:
    async def units(query: str) -> list[dict[str, str]]:
        return list((await service.ask("GET", f"/v1/units?{query}")).json()["units"])

    assert len(await units("layout=with_districts")) == 63
    assert len(await units("layout=without_districts")) == 34
    districts = await units("layout=with_districts&province=66")
    assert {unit["level"] for unit in districts} == {"district"}
    wards = await units("layout=with_districts&province=66&district=643")
    assert {unit["level"] for unit in wards} == {"ward"}
    new = await units("layout=without_districts&province=66")
    assert {unit["level"] for unit in new} == {"ward"}


@pytest.mark.sec("SEC-01")
@pytest.mark.parametrize(
    "path", ["/v1/units", "/v1/units?layout=x", "/v1/agencies?province=1", "/v1/agencies?province[$ne]=1&province=xx"]
)
async def test_a_look_up_with_a_wrong_parameter_is_refused(service: Service, path: str) -> None:
    assert (await service.ask("GET", path)).status == 422


@pytest.mark.req("S-77")
async def test_a_citizen_card_fills_identity_name_and_address(service: Service) -> None:
    read = (await service.ask("POST", "/v1/qr/read", {"payload": CITIZEN_CARD})).json()
    assert read["identity"] == {"kind": "citizen_id", "number": "066090000018"}
    assert read["full_name"] == "Nguyễn Văn Mẫu"
    assert read["address"] == {
        "layout": "with_districts",
        "province_code": "66",
        "district_code": "643",
        "ward_code": "24136",
        "street": "Số 1, Phố Thử Nghiệm",
    }
    assert read["warnings"] == []


async def test_an_address_that_fits_no_ward_is_left_for_the_person_to_complete(service: Service) -> None:
    read = (await service.ask("POST", "/v1/qr/read", {"payload": SHORT_CITIZEN_CARD})).json()
    assert read["address"]["province_code"] == "66"
    assert read["address"]["ward_code"] is None


@pytest.mark.req("S-76")
async def test_a_health_card_fills_number_and_name(service: Service) -> None:
    read = (await service.ask("POST", "/v1/qr/read", {"payload": FULL_HEALTH_CARD})).json()
    assert (read["social_insurance_number"], read["full_name"]) == ("6600000018", "Nguyễn Văn Mẫu")


@pytest.mark.req("S-78")
@pytest.mark.parametrize("payload", ["https://example.com", "x" * 5_000, ""])
async def test_an_unreadable_code_says_so(service: Service, payload: str) -> None:
    answer = await service.ask("POST", "/v1/qr/read", {"payload": payload})
    assert answer.status == 422
    assert payload == "" or payload[:50] not in answer.body.decode()


@pytest.mark.sec("API-09")
async def test_a_refusal_of_the_whole_has_what_the_document_says_of_its_status(service: Service) -> None:
    answer = await service.ask("POST", "/v1/qr/read", {"payload": "https://example.com"})
    told = PROBLEM_RESPONSES[answer.status]["content"]["application/problem+json"]["schema"]
    assert set(told["required"]) <= set(answer.json()) <= {*told["properties"], "defect"}
