from pathlib import Path

import pytest
from ansinh_kit.mongo import connect
from devtools.servers import SecantusServer, ServerFailedError
from devtools.servers.ports import free_ports, is_taken
from devtools.servers.probes import amqp_answers, mongodb_answers


def test_a_killed_database_comes_back_with_its_data(tmp_path: Path) -> None:
    with SecantusServer(tmp_path) as server:
        first = server.pid
        server.kill()
        assert not server.answers()
        server.restart()
        assert server.answers()
        assert server.pid != first
    assert not is_taken(server.port)


async def test_the_database_keeps_what_was_written_over_a_kill(tmp_path: Path) -> None:
    async with SecantusServer(tmp_path) as server:
        client = connect(server.url, app_name="test")
        await client.database("kept")["things"].insert_one({"_id": 1})
        client.close()
        server.kill()
        server.restart()
        client = connect(server.url, app_name="test")
        assert await client.database("kept")["things"].find_one({"_id": 1}) == {"_id": 1}
        client.close()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder belongs")
    server = SecantusServer(tmp_path)
    with pytest.raises((ServerFailedError, FileExistsError)):
        server.__enter__()


def test_nobody_answers_on_a_free_port() -> None:
    port = free_ports(1)[0]
    assert not amqp_answers("127.0.0.1", port)
    assert not mongodb_answers("127.0.0.1", port)


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20
