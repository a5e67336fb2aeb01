"""Demo data for a fresh system, and what a person needs to know to look around."""

import asyncio
import hashlib
import json
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from devtools.demo.making import make_household
from devtools.errors import ToldError
from devtools.servers.ports import LOOPBACK
from devtools.story.people import Citizen, Officer
from devtools.system.layout import ROOT, Layout
from devtools.system.plan import Plan

FIRST_PATH = "/api/registration/v1/agencies"
OK = 200
ENROL_SECONDS = 60
# Two of the agencies every fresh system knows: one officer shall not see the other's declarations.
DEMO_AGENCIES = ("06601", "07901")
# No office's: an administrator lets people in everywhere, and reads nobody's record.
ADMINISTRATION = "000"


@dataclass(frozen=True, kw_only=True)
class DemoOfficer:
    """What one member of staff would know: name, password, and the secret in the authenticator app."""

    user_name: str
    agency_code: str
    password: str
    totp_secret: str


@dataclass(frozen=True, kw_only=True)
class DemoCitizen:
    """What a citizen with an account would know: the number to log in with, and the password."""

    social_insurance_number: str
    full_name: str
    password: str


class Demo:
    def __init__(self, layout: Layout, plan: Plan) -> None:
        self._layout = layout
        self._auth = plan.named("auth").command
        suffix = hashlib.sha256(self._place(plan).encode()).hexdigest()[:8]
        self.officers_file = layout.secrets / f"officers-{suffix}.json"
        self._administrator_file = layout.secrets / f"administrator-{suffix}.json"
        self._citizen_file = layout.secrets / f"citizen-{suffix}.json"

    def _place(self, plan: Plan) -> str:
        """Return what tells databases apart: each knows other people. Our own stays the same one at any port."""
        own = any(process.name == "database" for process in plan.of_kind("server"))
        server = "our own" if own else self._auth.environment["AUTH_MONGODB_URL"]
        return server + self._auth.environment["AUTH_DATABASE"]

    def first_request(self) -> None:
        """Ask something through the gateway that a service answers from its database.

        Raises:
            ToldError: The answer is not 200.
        """
        connection = HTTPConnection(LOOPBACK, self._layout.ports.gateway, timeout=5)
        try:
            connection.request("GET", FIRST_PATH)
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise ToldError(f"the gateway does not answer ({error}): see ./dev logs gateway") from error
        finally:
            connection.close()
        if status != OK:
            raise ToldError(f"the first request was answered {status}: see ./dev logs gateway and registration")

    def officers(self) -> list[DemoOfficer]:
        """Return the demo officers, one for each demo agency; they are enrolled when first asked for.

        Raises:
            ToldError: auth refused to enrol one.
        """
        if not self.officers_file.exists():
            with ThreadPoolExecutor() as pool:
                names = [f"canbo.{agency}" for agency in DEMO_AGENCIES]
                self._save(self.officers_file, list(pool.map(self.enrol, names, DEMO_AGENCIES)))
        return _read(self.officers_file)

    def administrator(self) -> DemoOfficer:
        """Return the one who lets others in; enrolled when first asked for.

        Raises:
            ToldError: auth refused.
        """
        if not self._administrator_file.exists():
            self._save(self._administrator_file, [self.enrol("quantri.demo", ADMINISTRATION, "administrator")])
        (administrator,) = _read(self._administrator_file)
        return administrator

    def citizen(self) -> DemoCitizen:
        """Return the demo citizen; household, records and account are made when first asked for.

        Raises:
            ToldError: The system did not do its part.
        """
        if not self._citizen_file.exists():
            # Officers of their own: a person's next code is not one that was used here.
            names = [f"demo.{secrets.token_hex(4)}" for _ in range(3)]
            home, elsewhere = DEMO_AGENCIES
            with ThreadPoolExecutor() as pool:
                enrolled = list(pool.map(self.enrol, names, (home, home, elsewhere)))
            self._save_citizen(asyncio.run(self._household([Officer(**asdict(one)) for one in enrolled])))
        return DemoCitizen(**json.loads(self._citizen_file.read_text(encoding="utf-8")))

    async def _household(self, officers: list[Officer]) -> Citizen:
        feeder, *deciders = officers
        return await make_household(
            gateway_url=self._layout.gateway_url,
            sandbox_url=self._layout.sandbox_url,
            feeder=feeder,
            deciders=deciders,
            today=datetime.now(UTC).date(),
        )

    def _save_citizen(self, citizen: Citizen) -> None:
        known = DemoCitizen(
            social_insurance_number=citizen.social_insurance_number,
            full_name=citizen.full_name,
            password=citizen.password,
        )
        self._private_file(self._citizen_file.name, json.dumps(asdict(known), ensure_ascii=False))

    def enrol(self, user_name: str, agency_code: str, role: str = "officer") -> DemoOfficer:
        """Enrol a member of staff by the command an operator would use.

        Raises:
            ToldError: auth refused.
        """
        password = f"thử nghiệm {secrets.token_hex(8)}"
        password_file = self._private_file(f"{user_name}.password", password)
        arguments = ("--user-name", user_name, "--role", role, "--agency", agency_code)
        interpreter, *_ = self._auth.arguments
        done = subprocess.run(
            [interpreter, "-m", "auth", "bootstrap-staff", *arguments, "--password-file", password_file, "--json"],
            env=dict(self._auth.environment),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=ENROL_SECONDS,
        )
        password_file.unlink()
        if done.returncode != 0:
            raise ToldError(
                f"demo officer {user_name}: {done.stderr.strip()[-400:]}\n"
                "If this database is from an earlier run whose secrets are gone: ./dev down --wipe, then ./dev up"
            )
        secret = json.loads(done.stdout)["totp_secret"]
        return DemoOfficer(user_name=user_name, agency_code=agency_code, password=password, totp_secret=secret)

    def _save(self, file: Path, staff: list[DemoOfficer]) -> None:
        text = json.dumps([asdict(member) for member in staff], ensure_ascii=False, indent=1)
        self._private_file(file.name, text)

    def _private_file(self, name: str, text: str) -> Path:
        path = self._layout.secrets / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return path


def _read(file: Path) -> list[DemoOfficer]:
    return [DemoOfficer(**found) for found in json.loads(file.read_text(encoding="utf-8"))]
