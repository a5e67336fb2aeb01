"""Up, down, restart, status, story."""

import os
import shutil
import subprocess
import sys
import time

from pyotp.totp import TOTP
from rich.live import Live
from rich.table import Table

from devtools.cli.console import console, done
from devtools.errors import ToldError
from devtools.processes.process import create_time
from devtools.system.control import Control
from devtools.system.demo import Demo
from devtools.system.layout import ROOT, Layout
from devtools.system.probes import Readiness


def up() -> None:
    # Imported here: it brings the services' libraries along, which the other verbs need not wait for.
    from devtools.system.topology import Topology  # noqa: PLC0415

    began = create_time(os.getpid())  # the script became this process, so this is when the person pressed Enter
    layout = Layout.of_developer()
    control = Control(layout)
    plan = Topology(layout).plan()
    started = control.start(plan)
    _wait(control)
    demo = Demo(layout, plan)
    demo.first_request()
    elapsed = time.time() - began
    done(
        f"An Sinh Số is up: first answered request after {elapsed:.1f} s." if started else "An Sinh Số was up already."
    )
    _tell(layout, demo)


def _tell(layout: Layout, demo: Demo) -> None:
    """Print where everything is and who may log in, a line each, unbroken for copying."""
    with console.status("Enrolling officers, and making a demo household …"):
        officers, administrator, citizen = demo.officers(), demo.administrator(), demo.citizen()
    lines = [
        ("gateway", f"{layout.gateway_url}/api/…  (described at {layout.gateway_url}/api/openapi.json)"),
        ("messages", f"{layout.sandbox_url}  (every SMS and e-mail of this system ends there)"),
        ("citizen", f"{citizen.social_insurance_number}  {citizen.password}  ({citizen.full_name})"),
        *((f"officer of {one.agency_code}", f"{one.user_name}  {one.password}") for one in officers),
        ("administrator", f"{administrator.user_name}  {administrator.password}"),
        ("second factor", "./dev totp <user name>"),
    ]
    for name, value in lines:
        console.print(f"  {name:<18}{value}", soft_wrap=True)


def secrets() -> None:
    from devtools.system.compose import prepare  # noqa: PLC0415 - as in `up`

    done(f"Secrets are in {Layout.of_developer().secrets}, and {prepare(Layout.of_developer())} is written.")


def totp(user_name: str) -> None:
    """Print what the authenticator app of a member of the demo's staff would show now."""
    demo = Demo(Layout.of_developer(), _running().plan())
    for member in (*demo.officers(), demo.administrator()):
        if member.user_name == user_name:
            console.print(TOTP(member.totp_secret).now())
            return
    raise ToldError(f"nobody of the demo's staff is called {user_name}; ./dev up prints their names")


def down(*, wipe: bool) -> None:
    layout = Layout.of_developer()
    stopped = Control(layout).stop()
    done("Stopped." if stopped else "Nothing was running.")
    if wipe and layout.data.exists():
        shutil.rmtree(layout.data)
        done(f"Deleted {layout.data}")


def restart(names: list[str]) -> None:
    control = _running()
    known = [planned.name for planned in control.plan().processes]
    if unknown := [name for name in names if name not in known]:
        raise ToldError(f"no such process: {', '.join(unknown)}; there are: {', '.join(known)}")
    services = [planned.name for planned in control.plan().of_kind("service")]
    for name in names or services:
        control.restart(name)
    _wait(control)
    done(f"Restarted {', '.join(names or services)}.")


def status() -> None:
    readiness = Control(Layout.of_developer()).readiness()
    if not readiness:
        raise ToldError("nothing is running: start it with ./dev up")
    table = Table("process", "state", "pid", "restarts", "ready", box=None, pad_edge=False)
    for name, (state, answer) in readiness.items():
        ready = "[green]yes[/]" if answer.ready else f"[red]no[/]: {answer.reason}"
        table.add_row(name, state.condition, str(state.pid or "-"), str(state.restarts), ready)
    console.print(table)
    if not all(answer.ready for _, answer in readiness.values()):
        raise ToldError("not everything is ready: see ./dev logs <process>")


def story(*, as_json: bool) -> None:
    """Play the story in its own process, so that its exit code is ours."""
    layout = Layout.of_developer()
    if Control(layout).state() is None:
        up()
    officers = Demo(layout, _running().plan()).officers_file
    arguments = ["--gateway", layout.gateway_url, "--sandbox", layout.sandbox_url, "--officers", str(officers)]
    arguments += ["--json"] if as_json else []
    sys.exit(subprocess.run([sys.executable, "-m", "devtools.story", *arguments], cwd=ROOT, check=False).returncode)


def _running() -> Control:
    control = Control(Layout.of_developer())
    if control.state() is None:
        raise ToldError("nothing is running: start it with ./dev up")
    return control


def _wait(control: Control) -> None:
    """Wait until all is ready, showing each process with the seconds so far and what it waits for."""
    with Live(console=console, transient=True, refresh_per_second=8) as live:
        since: dict[str, float] = {}

        def show(found: dict[str, Readiness], elapsed: float) -> None:
            for name, readiness in found.items():
                if readiness.ready:
                    since.setdefault(name, elapsed)
            live.update(_progress(found, since, elapsed))

        control.wait_until_ready(on_progress=show)
    done("Ready: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in since.items()) + ".")


def _progress(found: dict[str, Readiness], since: dict[str, float], elapsed: float) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, readiness in found.items():
        if readiness.ready:
            table.add_row("[green]✓[/]", name, f"{since[name]:.1f} s")
        else:
            table.add_row("[yellow]…[/]", name, f"{elapsed:.1f} s  {readiness.reason}")
    return table
