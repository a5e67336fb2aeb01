import json
from http.client import HTTPConnection
from pathlib import Path

import pytest
from devtools.servers.nginx import NginxServer, find_nginx
from devtools.servers.ports import LOOPBACK


@pytest.mark.skipif(find_nginx() is None, reason="no nginx on this machine: apt-get install nginx-light")
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
