"""`./dev ops …`: what an operator does to a running system."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer
from ansinh_kit.errors import DomainError, UnavailableError
from ansinh_kit.messaging.errors import NotPublishedError
from rich.table import Table

from devtools.cli import views
from devtools.cli.console import console, done
from devtools.errors import ToldError
from devtools.operations import forgetting
from devtools.operations.key_kinds import KINDS
from devtools.operations.parked import ParkedMessages
from devtools.operations.rotation import Rotation
from devtools.operations.views import ViewOperations
from devtools.system.control import Control
from devtools.system.layout import Layout
from devtools.system.topology import SERVICES

app = typer.Typer(
    help="Operate the running system: parked messages, read models, keys, forgetting a person.", no_args_is_help=True
)

Result = TypeVar("Result")
View = Annotated[str, typer.Argument(help="A read model, such as review_queue.")]
Service = Annotated[str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")]


@app.command()
def parked(*, limit: Annotated[int, typer.Option(help="How many at most, for each service.")] = 100) -> None:
    """List the messages that could not be handled, with the reason; they wait until they are replayed."""
    table = Table("service", "id", "event", "stream", "reason", "detail", "tries", "since", box=None, pad_edge=False)
    for service in SERVICES:
        for one in _told(service, _parked(service).oldest(limit)):
            event = f"{one.event_name or '?'} v{one.event_version or '?'}"
            moment = f"{one.parked_at.astimezone():%d/%m/%Y %H:%M:%S}"
            row = (service, one.parked_id, event, one.stream_id or "-", one.reason, one.detail or "-")
            table.add_row(*row, str(one.attempts), moment)
    if table.row_count:
        console.print(table)
    else:
        done("Nothing is parked.")


@app.command()
def replay(
    service: Service,
    parked_id: Annotated[str | None, typer.Argument(help="The id that `parked` shows.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that can be sent again.")] = False,
) -> None:
    """Send parked messages to their handlers again, in the order of their streams."""
    if (parked_id is None) != everything:
        raise ToldError("name one id, or --all")
    messages = _parked(service)
    sent = _told(service, messages.replay_all() if parked_id is None else messages.replay(parked_id))
    done(f"Sent again: {len(sent)}. What fails once more is parked once more.")


@app.command()
def rebuild(
    view: View,
    *,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Free the space of earlier builds: no way back.")
    ] = False,
) -> None:
    """Build a read model anew from the log, beside the one in use, and switch to it. Nothing stops meanwhile."""
    views.show_rebuild(view, _views().rebuild(view, drop_old=drop_old))


@app.command()
def rollback(view: View) -> None:
    """Read the build before the last rebuild again. Twice is back to where it was."""
    views.show_roll_back(view, _views().roll_back(view))


@app.command()
def forget(
    who: Annotated[str, typer.Argument(help="A participant's id, or a social insurance number.")],
    *,
    legal_basis: Annotated[
        str | None, typer.Option("--legal-basis", help="What allows deletion; it is kept for ever and names nobody.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Forget a person everywhere. Without a legal basis for deletion the record is kept, and restricted."""
    consequence = "nobody can ever read it again" if legal_basis else "only the person and the managing agency read it"
    if not yes and not typer.confirm(f"This concerns one person's whole record: {consequence}. Go on?"):
        raise ToldError("nothing was done")
    plan = _running().plan()
    services = {name: plan.named(name).command for name in SERVICES}
    outcome = forgetting.forget(services, who, legal_basis)
    if outcome.state == "restricted":
        done(f"Restricted: {outcome.participant_ids[0]}. The law demands keeping; nothing was deleted.")
        return
    forgetting.wait_for_others(services, outcome.person_ids)
    done(
        f"Forgotten, and proven unreadable: {', '.join(outcome.participant_ids)}; accounts: {len(outcome.person_ids)}."
    )


@app.command()
def rotate(
    kind: Annotated[str, typer.Argument(help=f"Which keys: {', '.join(KINDS)}.")],
    service: Service,
    *,
    retire: Annotated[bool, typer.Option("--retire", help="Take the older keys out, if nothing needs them.")] = False,
) -> None:
    """Bring a new key into use while the system goes on; with --retire, end the time in which both are accepted."""
    rotation = Rotation(_running(), kind, service, report=lambda line: console.print(line, markup=False))
    if retire:
        rotation.retire()
    else:
        rotation.rotate()
    done(f"{kind} keys of {service}, newest first: {', '.join(key.id for key in rotation.keys)}")


def _views() -> ViewOperations:
    plan = _running().plan()
    return ViewOperations([plan.named(service).command for service in SERVICES])


def _parked(service: str) -> ParkedMessages:
    if service not in SERVICES:
        raise ToldError(f"no service {service}; there are: {', '.join(SERVICES)}")
    return ParkedMessages(service, _running().plan().named(service).command)


def _running() -> Control:
    control = Control(Layout.of_developer())
    if control.state() is None:
        raise ToldError("nothing is running: start it with ./dev up")
    return control


def _told(service: str, work: Coroutine[Any, Any, Result]) -> Result:
    """Run it, and turn what the kit refuses into words for a person."""
    try:
        return asyncio.run(work)
    except DomainError as error:
        raise ToldError(f"{service}: {error}") from error
    except (UnavailableError, NotPublishedError) as error:
        raise ToldError(f"{service}: {error}; see ./dev status, then try again") from error
