"""The built web: each file as itself, pages by their addresses, kept as long as its name promises."""

import gzip
from pathlib import Path

import pytest

from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.raw_client import exchange, request

SCRIPT = b"console.log('xin ch\xc3\xa0o')"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    files = {
        "index.html": b"<!doctype html><title>An Sinh S\xe1\xbb\x91</title>",
        "officer/index.html": b"<!doctype html><title>officer</title>",
        "assets/app-3f2a.js": SCRIPT,
        "assets/app-3f2a.js.gz": gzip.compress(SCRIPT),
        "manifest.webmanifest": b"{}",
    }
    for name, content in files.items():
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "secret.txt").write_text("not the web's")
    (tmp_path / "web" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return tmp_path / "web"


async def page(edges: Edges, path: str, **headers: str) -> tuple[int, bytes]:
    async with edges.http.get(edges.url(path), headers=headers) as response:
        return response.status, await response.read()


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/", b"An Sinh"),
        ("/register/step-2", b"An Sinh"),
        ("/officer", b"An Sinh"),
        ("/officer/", b"officer"),
        ("/officer/queue/d-1", b"officer"),
        ("/assets/app-3f2a.js", b"console.log"),
    ],
)
async def test_a_page_is_drawn_at_each_of_its_addresses(
    start_gateway: StartGateway, web: Path, path: str, shows: bytes
) -> None:
    async with start_gateway(web_folder=web) as edges:
        status, body = await page(edges, path)
        assert status == 200
        assert shows in body
        assert edges.service.arrived == []


@pytest.mark.parametrize(
    "path", ["/assets/old-1111.js", "/link.txt", "/secret.txt", "/favicon.ico", "/api/nothing", "/api/"]
)
async def test_what_is_not_there_is_missing_and_no_page_instead(
    start_gateway: StartGateway, web: Path, path: str
) -> None:
    async with start_gateway(web_folder=web) as edges:
        assert (await page(edges, path))[0] == 404


@pytest.mark.sec("GW-04")
@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"]
)
async def test_no_path_leads_out_of_the_web(start_gateway: StartGateway, web: Path, path: str) -> None:
    async with start_gateway(web_folder=web) as edges:
        assert (await exchange(edges.port, request("GET", path))).statuses == [400]


async def test_names_made_from_content_are_kept_and_pages_asked_about(start_gateway: StartGateway, web: Path) -> None:
    async with start_gateway(web_folder=web) as edges:
        async with edges.http.get(edges.url("/assets/app-3f2a.js")) as response:
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        async with edges.http.get(edges.url("/")) as response:
            assert response.headers["Cache-Control"] == "no-cache"
            etag = response.headers["ETag"]
        assert await page(edges, "/", **{"If-None-Match": etag}) == (304, b"")


async def test_a_packed_file_goes_out_packed_to_those_who_take_it(start_gateway: StartGateway, web: Path) -> None:
    async with start_gateway(web_folder=web) as edges:
        packed = await exchange(edges.port, request("GET", "/assets/app-3f2a.js", "Accept-Encoding: gzip, br"))
        assert b"content-encoding: gzip" in packed.raw
        assert gzip.decompress(packed.raw.split(b"\r\n\r\n", 1)[1]) == SCRIPT
        plain = await exchange(edges.port, request("GET", "/assets/app-3f2a.js"))
        assert plain.raw.endswith(SCRIPT)
        assert b"vary: Accept-Encoding" in plain.raw


@pytest.mark.sec("GW-20")
async def test_a_page_runs_only_what_is_ours(start_gateway: StartGateway, web: Path) -> None:
    async with start_gateway(web_folder=web) as edges, edges.http.get(edges.url("/")) as response:
        (policy,) = response.headers.getall("Content-Security-Policy")
        for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert directive in policy
        assert "unsafe" not in policy
        assert response.headers["Strict-Transport-Security"]


@pytest.mark.sec("GW-05")
async def test_the_web_can_only_be_read(start_gateway: StartGateway, web: Path) -> None:
    async with start_gateway(web_folder=web) as edges, edges.http.post(edges.url("/")) as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET")


@pytest.mark.sec("SEC-16")
@pytest.mark.parametrize("path", ["/", "/nothing"])
async def test_an_unknown_method_is_one_with_or_without_a_web(edges: Edges, path: str) -> None:
    assert (await exchange(edges.port, request("TRACE", path))).statuses == [405]


async def test_without_a_web_there_is_none(edges: Edges) -> None:
    assert (await page(edges, "/"))[0] == 404
