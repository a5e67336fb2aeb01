from pathlib import Path

import psutil
import pytest
from devtools.servers import RabbitNode
from devtools.servers.ports import is_taken


@pytest.mark.rabbit
@pytest.mark.slow
def test_a_killed_node_comes_back_and_nothing_of_it_is_left_at_the_end(tmp_path: Path) -> None:
    node = RabbitNode(tmp_path)
    with node:
        node.kill()
        assert not node.answers()
        node.restart()
        assert "ansinh" in node.control("list_users")
        family = [psutil.Process(node.pid), *psutil.Process(node.pid).children(recursive=True)]
    assert not any(process.is_running() for process in family)
    assert not is_taken(node.port)


def test_the_configuration_with_the_password_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    RabbitNode(tmp_path).prepare()
    assert (tmp_path / "rabbitmq.conf").stat().st_mode & 0o077 == 0
