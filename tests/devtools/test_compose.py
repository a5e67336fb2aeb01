"""docker-compose.yml cannot be run without a Docker engine; what can be held without one is held here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from devtools.sandbox.__main__ import SandboxSettings
from devtools.system.compose import make_secrets
from devtools.system.layout import ROOT, Layout, Ports
from devtools.system.topology import SERVICES, Topology

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
PROCESSES = (*SERVICES, "gateway", "sandbox")


@pytest.fixture
def planned(tmp_path: Path) -> dict[str, set[str]]:
    """The variables each process gets from `./dev up`."""
    layout = Layout(data=tmp_path, ports=Ports.from_base(27400))
    servers = {"MONGODB_URL": "mongodb://somewhere/", "AMQP_URL": "amqp://somewhere/"}
    plan = Topology(layout, environment=servers).plan()
    return {
        name: {key for key in plan.named(name).command.environment if key.startswith(name.upper())}
        for name in PROCESSES
    }


@pytest.mark.parametrize("name", PROCESSES)
def test_every_process_is_told_what_the_development_system_tells_it(name: str, planned: dict[str, set[str]]) -> None:
    told = set(COMPOSE["services"][name]["environment"])
    assert planned[name] <= told
    assert told - planned[name] <= {
        f"{name.upper()}_{extra}" for extra in ("HOST", "HOSTS", "SANDBOX_HOSTS", "TRUSTED_PROXIES")
    }


@pytest.mark.parametrize("name", PROCESSES)
def test_every_secret_file_is_mounted_where_its_variable_points(name: str) -> None:
    service = COMPOSE["services"][name]
    pointed_at = {
        Path(value).name for value in service["environment"].values() if str(value).startswith("/run/secrets/")
    }
    assert pointed_at == set(service.get("secrets", []))
    assert pointed_at <= set(COMPOSE["secrets"])


def test_every_secret_of_the_file_is_made(tmp_path: Path) -> None:
    layout = Layout(data=tmp_path, ports=Ports.from_base(27400))
    make_secrets(layout)
    made = {path.name for path in layout.secrets.iterdir()}
    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} <= made


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    values = re.findall(r"^\s+\w*(?:PASS|PASSWORD|TOKEN|KEYS): (.*)$", text, flags=re.MULTILINE)
    assert values
    assert all(value.startswith("${") for value in values)


def test_the_ports_are_open_to_this_machine_only() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(str(port).startswith("127.0.0.1:") for port in published)


def test_who_comes_from_outside_comes_through_the_proxy_or_to_the_sandbox() -> None:
    open_to_people = {name for name, service in COMPOSE["services"].items() if service.get("ports")}
    assert open_to_people == {"edge", "sandbox"}


def test_the_gateway_believes_the_proxy_alone_about_addresses() -> None:
    edge, gateway = COMPOSE["services"]["edge"], COMPOSE["services"]["gateway"]
    assert gateway["environment"]["GATEWAY_TRUSTED_PROXIES"] == edge["networks"]["edge"]["ipv4_address"]
    assert list(edge["networks"]) == ["edge"], "it reaches the gateway and nothing behind it"
    in_front = [name for name, service in COMPOSE["services"].items() if "edge" in service.get("networks", {})]
    assert sorted(in_front) == ["edge", "gateway"]


def test_the_proxy_finds_its_certificate_where_its_configuration_looks_for_it() -> None:
    configuration = (ROOT / "deploy/edge/nginx.conf").read_text(encoding="utf-8")
    looked_for = set(re.findall(r"/run/secrets/(\w+)", configuration))
    assert looked_for == set(COMPOSE["services"]["edge"]["secrets"]) <= set(COMPOSE["secrets"])


def test_the_sandbox_understands_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in COMPOSE["services"]["sandbox"]["environment"].items():
        monkeypatch.setenv(key, value)
    assert SandboxSettings().host == "0.0.0.0"  # noqa: S104 - inside a container's own network
