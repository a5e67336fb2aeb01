"""What `docker compose` needs before its first start: the secret files, and the .env file it reads by itself."""

import os
from pathlib import Path

from devtools.system.layout import ROOT, Layout
from devtools.system.secrets import SecretStore, write_private
from devtools.system.topology import Topology

ENV_FILE = ROOT / ".env"


def prepare(layout: Layout) -> Path:
    """Make all secrets and the .env file; returns that file."""
    make_secrets(layout)
    write_private(ENV_FILE, "\n".join(f"{name}={value}" for name, value in _values(layout).items()))
    return ENV_FILE


def make_secrets(layout: Layout) -> None:
    """Make the secrets that `./dev up` uses, too, and the certificate of the proxy in front."""
    # The servers of compose are its own: addresses keep the plan from asking for local ones.
    servers = {"MONGODB_URL": "mongodb://mongodb:27017/", "AMQP_URL": "amqp://rabbitmq/"}
    Topology(layout, environment=servers).plan()
    SecretStore(layout.secrets).certificate_file("edge_certificate")


def _values(layout: Layout) -> dict[str, str]:
    secrets = SecretStore(layout.secrets)
    return {
        # The secret files are readable by their owner only, so the containers run as that user.
        "ANSINH_USER": f"{os.getuid()}:{os.getgid()}",
        "RABBITMQ_PASSWORD": secrets.token("broker_password"),
        "TWILIO_AUTH_TOKEN": secrets.token("twilio_auth_token"),
        "E_ID_CLIENT_SECRET": secrets.token("e_id_client_secret"),
    }
