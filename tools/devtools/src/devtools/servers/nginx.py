"""A private nginx: the peer the gateway is measured against, an upstream that costs nothing, or any configuration."""

import os
import shutil
from pathlib import Path

from devtools.errors import ToldError
from devtools.processes.process import Command
from devtools.servers.ports import LOOPBACK, free_ports, is_taken
from devtools.servers.server import PrivateServer

# Debian keeps it where only root's PATH looks.
_PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
{http}
}}
"""

_PROXY = """\
  upstream service {{ server {upstream}; keepalive 64; keepalive_requests 100000000; }}
  server {{
    listen {listen};
    location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}"""

_ANSWERING = """\
  server {{
    listen {listen};
    default_type application/json;
    location / {{ return 200 '{body}'; }}
  }}"""


def find_nginx() -> str | None:
    """Return the program's path, or `None` where it is not installed."""
    return shutil.which("nginx", path=_PLACES)


class NginxNotInstalledError(ToldError):
    def __init__(self) -> None:
        super().__init__("nginx is missing: install it (Debian, Ubuntu: sudo apt-get install nginx-light)")


class NginxServer(PrivateServer):
    """Serves by the configuration it is given, whole, or by one of the two below. Its folder is its own."""

    def __init__(self, directory: Path, *, port: int, configuration: str) -> None:
        self.port = port
        self._configuration = configuration
        program = find_nginx()
        if program is None:
            raise NginxNotInstalledError
        command = Command(
            name="nginx",
            arguments=(program, "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", "stderr"),
            environment={"PATH": _PLACES},
            directory=directory,
            log_file=directory / "nginx.log",
        )
        super().__init__(directory, [command])

    @classmethod
    def proxying(cls, directory: Path, upstream: str) -> "NginxServer":
        """Return a reverse proxy to `upstream` (host:port) that keeps its connections open."""
        port = free_ports(1)[0]
        http = _PROXY.format(listen=f"{LOOPBACK}:{port}", upstream=upstream)
        return cls(directory, port=port, configuration=_CONFIGURATION.format(directory=directory, http=http))

    @classmethod
    def answering(cls, directory: Path, body: str) -> "NginxServer":
        """Return a server that answers every request with `body`, which is JSON without single quotes."""
        port = free_ports(1)[0]
        http = _ANSWERING.format(listen=f"{LOOPBACK}:{port}", body=body)
        return cls(directory, port=port, configuration=_CONFIGURATION.format(directory=directory, http=http))

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def answers(self) -> bool:
        return is_taken(self.port)

    def prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "nginx.conf").write_text(self._configuration, encoding="utf-8")
