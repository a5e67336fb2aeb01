"""`python -m SERVICE keys …` as a rotation runs it: a process of its own, told what `./dev` tells the services."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from devtools.system.layout import Layout, Ports
from devtools.system.topology import Topology

pytestmark = [pytest.mark.mongo, pytest.mark.slow, pytest.mark.sec("F-40")]


@pytest.mark.parametrize("service", ["auth", "registration", "records"])
def test_what_a_rotation_asks_of_a_service_is_done(
    mongo_url: str, database_name: str, tmp_path: Path, service: str
) -> None:
    layout = Layout(data=tmp_path, ports=Ports.free(), database_prefix=database_name)
    given = {"MONGODB_URL": mongo_url, "AMQP_URL": "amqp://127.0.0.1:1/"}
    command = Topology(layout, environment=given).plan().named(service).command
    for action in (["re-wrap"], ["re-index"], ["in-use", "--index-since", datetime.now(UTC).isoformat()]):
        done = subprocess.run(  # noqa: S603 - our own service
            [sys.executable, "-m", service, "keys", *action],
            cwd=command.directory,
            env=dict(command.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        last = json.loads(done.stdout.splitlines()[-1])
        assert last["step"] == ("in_use" if action[0] == "in-use" else "done")
