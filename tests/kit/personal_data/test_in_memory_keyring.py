import pytest
from ansinh_kit.personal_data.keyring import InMemoryKeyring

from tests.kit.personal_data.keyring_contract import KeyringContract


class TestInMemoryKeyring(KeyringContract):
    @pytest.fixture
    def keyring(self) -> InMemoryKeyring:
        return InMemoryKeyring()
