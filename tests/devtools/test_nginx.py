import json
import shutil
from http.client import HTTPConnection
from pathlib import Path

import pytest
from devtools.servers.nginx import NginxServer
from devtools.servers.ports import LOOPBACK


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="only ./dev bench installs it")
def test_the_peer_passes_on_what_its_upstream_answers(tmp_path: Path) -> None:
    with (
        NginxServer.answering(tmp_path / "upstream", '{"greeting": "chào"}') as upstream,
        NginxServer.proxying(tmp_path / "peer", upstream.address) as peer,
    ):
        connection = HTTPConnection(LOOPBACK, peer.port, timeout=5)
        connection.request("GET", "/v1/anything")
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())) == (200, {"greeting": "chào"})
        connection.close()
