import json
from pathlib import Path

import pytest
from ansinh_kit.key_list import KeyList
from ansinh_kit.personal_data.sealing import public_keys_of
from devtools.system.secrets import SecretStore


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
