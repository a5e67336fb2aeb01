"""The command line of `./dev`. Each verb is a few lines here; the work is in the modules it calls."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from devtools.cli import bench as bench_verb
from devtools.cli import bring as bring_verb
from devtools.cli import check as check_verb
from devtools.cli import fuzz as fuzz_verb
from devtools.cli import generate as generate_verb
from devtools.cli import lifecycle, ops, requirements
from devtools.cli import logs as logs_verb
from devtools.cli import tests as tests_verb
from devtools.cli.console import failed
from devtools.errors import ToldError

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--help"]}

app = typer.Typer(
    name="./dev",
    help="An Sinh Số on one machine: run it, test it, check it, measure it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(ops.app, name="ops")


@app.command()
def up() -> None:
    """Start everything and return when it answers: servers, services, gateway, sandbox, demo data."""
    lifecycle.up()


@app.command()
def down(
    *, wipe: Annotated[bool, typer.Option("--wipe", help="Delete all data, logs and secrets as well.")] = False
) -> None:
    """Stop everything that `up` started. Data stays, unless told otherwise."""
    lifecycle.down(wipe=wipe)


@app.command()
def restart(
    names: Annotated[list[str] | None, typer.Argument(help="Processes to restart; all by default.")] = None,
) -> None:
    """Restart processes, to run changed code."""
    lifecycle.restart(names or [])


@app.command()
def status() -> None:
    """Show each process: running, ready, and if not, why."""
    lifecycle.status()


@app.command()
def logs(
    name: Annotated[str | None, typer.Argument(help="A process as `./dev status` names it; all by default.")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what is added.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.")] = 30,
) -> None:
    """Show the last lines of the logs."""
    logs_verb.show(name, follow=follow, lines=lines)


@app.command()
def story(*, json: Annotated[bool, typer.Option("--json", help="Print the report for machines.")] = False) -> None:
    """Play the whole story over HTTP against the running system; starts it if need be."""
    lifecycle.story(as_json=json)


@app.command()
def secrets() -> None:
    """Make the secrets and the .env file that docker compose needs."""
    lifecycle.secrets()


@app.command()
def totp(user_name: Annotated[str, typer.Argument(help="A demo officer, as `./dev up` names them.")]) -> None:
    """Print the second factor of a demo officer, as an authenticator app would show it now."""
    lifecycle.totp(user_name)


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run all tests, real servers included. What follows is passed on to pytest."""
    tests_verb.run(context.args)


@app.command()
def faults(
    *, rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often each fault is played.")] = 1
) -> None:
    """Kill and stop servers and services under load, and check after each round that nothing was lost or doubled."""
    tests_verb.run_faults(rounds)


@app.command()
def races(*, rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often each race is run.")] = 100) -> None:
    """Let two devices, two officers and two windows want the same at one instant: one wins, the others are told why."""
    tests_verb.run_races(rounds)


@app.command()
def fuzz(
    *,
    seconds: Annotated[int, typer.Option("--seconds", min=10, help="How long at most, for each kind of caller.")] = 120,
    examples: Annotated[int, typer.Option("--examples", min=1, help="How often at most, for each operation.")] = 30,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Ask the same again; random by default.")] = None,
    kinds: Annotated[
        list[str] | None, typer.Option("--as", help="guest, citizen or staff; all by default, may be given twice.")
    ] = None,
    only_path: Annotated[str | None, typer.Option("--path", help="Only paths that this expression finds.")] = None,
) -> None:
    """Ask everything the API documents in every odd way its schemas allow or forbid; no 500, nothing undeclared."""
    fuzz_verb.run(seconds=seconds, examples=examples, seed=seed, kinds=kinds or [], only_path=only_path)


@app.command()
def check(*, fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired.")] = False) -> None:
    """Check format, lint, types, imports, contract schemas, lock file and shell scripts."""
    check_verb.run(fix=fix)


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Files of tests/bench, without `.py`; all by default.")
    ] = None,
    *,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the figures to this file.")] = None,
    people: Annotated[int | None, typer.Option("--people", min=1, help="For growth: how many participants.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="For growth: keep them here for the next run.")] = None,
) -> None:
    """Measure, each figure against a floor taken in the same run."""
    bench_verb.run(names or [], json, people=people, data=data)


@app.command()
def generate(
    *,
    people: Annotated[int, typer.Option("--people", min=1, max=63_000_000, help="How many people.")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed makes the same people.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="The folder the files are written to.")],
    until: Annotated[str, typer.Option("--until", help="The last month that is known, as MM/yyyy.")] = "10/2026",
    form: Annotated[Literal["csv", "jsonl"], typer.Option("--form", help="CSV or JSON Lines.")] = "csv",
    gzip: Annotated[bool, typer.Option("--gzip", help="Compress the files.")] = False,
) -> None:
    """Make up people with lifelike careers, and write them as bulk files."""
    generate_verb.run(people=people, seed=seed, out=out, until=until, form=form, packed=gzip)


@app.command(name="import", context_settings=PASS_ON)
def bring(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or JSON Lines, gzip or not; see docs/bulk-files.md.")],
) -> None:
    """Take a file of rows into the records of the running system. Options: --kind, --dry-run, --agency, --report."""
    bring_verb.run(file, context.args)


@app.command()
def req() -> None:
    """List the requirements that are not done yet."""
    requirements.show_open()


def main() -> None:
    """Run the verb. An error meant for people is shown as such, and ends with code 1."""
    try:
        app(prog_name="./dev")
    except ToldError as error:
        failed(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
