import json
from pathlib import Path

import pytest
from ansinh_kit.key_list import KeyList
from ansinh_kit.personal_data.sealing import public_keys_of
from devtools.system.layout import Layout, Ports
from devtools.system.secrets import SecretStore
from devtools.system.topology import SERVICES, Topology


@pytest.fixture
def store(tmp_path: Path) -> SecretStore:
    return SecretStore(tmp_path)


def test_a_secret_is_made_once_and_stays(store: SecretStore, tmp_path: Path) -> None:
    first = store.token("broker")
    assert SecretStore(tmp_path).token("broker") == first
    assert store.token("twilio") != first


def test_secrets_are_readable_by_their_owner_only(store: SecretStore) -> None:
    assert store.keys_file("wrapping").stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_what_services_parse(store: SecretStore) -> None:
    assert len(KeyList.parse(store.keys_file("wrapping").read_text()).newest.material) == 32


def test_public_keys_belong_to_the_private_ones(store: SecretStore) -> None:
    public = json.loads(store.public_keys_file(("auth",)).read_text())
    private = KeyList.parse(store.keys_file("auth_sealing_private_key").read_text())
    assert public == {"auth": public_keys_of(private).to_text()}


@pytest.mark.sec("SES-08")
def test_no_service_is_told_the_key_of_another_services_assertions(tmp_path: Path) -> None:
    servers = {"MONGODB_URL": "mongodb://somewhere/", "AMQP_URL": "amqp://somewhere/"}
    plan = Topology(Layout(data=tmp_path, ports=Ports.from_base(27400)), environment=servers).plan()
    own = {name: plan.named(name).command.environment[f"{name.upper()}_ASSERTION_KEYS_FILE"] for name in SERVICES}
    gateway = plan.named("gateway").command.environment
    assert own == {name: gateway[f"GATEWAY_{name.upper()}_ASSERTION_KEYS_FILE"] for name in SERVICES}
    materials = {KeyList.parse(Path(path).read_text("utf-8")).newest.material for path in own.values()}
    assert len(materials) == len(SERVICES)


def test_nobody_else_on_the_machine_sees_the_data_of_a_system(tmp_path: Path) -> None:
    layout = Layout(data=tmp_path / "data", ports=Ports.from_base(27400))
    layout.make()
    assert {folder.stat().st_mode & 0o777 for folder in (layout.data, layout.secrets, layout.run)} == {0o700}


def test_no_service_is_told_a_secret_of_its_own_in_its_environment(tmp_path: Path) -> None:
    layout = Layout(data=tmp_path, ports=Ports.from_base(27400))
    plan = Topology(layout, environment={"MONGODB_URL": "mongodb://x/", "AMQP_URL": "amqp://x/"}).plan()
    # The sandbox plays the carrier and is no part of the product; public keys are no secret.
    made = {path.read_text("utf-8").strip() for path in layout.secrets.iterdir() if path.suffix != ".json"}
    told = {value for name in (*SERVICES, "gateway") for value in plan.named(name).command.environment.values()}
    assert made
    assert not made & told
