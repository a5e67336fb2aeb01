"""`python -m auth serve` runs the service; the other commands are for somebody with a hand on the machine.

`views` rebuilds its read models; `bootstrap-staff` lets a first member of staff in; `lift-lock-out` lets somebody in
again after too many wrong tries.
"""

import argparse
import getpass
import json
import re
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar, get_args

from ansinh_kit.errors import DomainError, InvalidFieldsError, UnavailableError
from ansinh_kit.index_commands import add_indexed_key_arguments
from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.service_command import add_serve_command, serve, settings_or_exit
from ansinh_kit.view_commands import add_view_arguments, operate_views

from auth.app import LOG_FIELDS, SERVICE, Process, build_api, build_process
from auth.domain.staff import USER_NAME_PATTERN, StaffRole
from auth.handlers.staff_enrolment import Enrolment
from auth.key_command import operate_keys
from auth.projections import all_projections
from auth.settings import AuthSettings
from auth.storage.access_entries import AccessKind
from auth.worker import register_worker

Result = TypeVar("Result")


def main() -> None:
    arguments = _parser().parse_args()
    settings = settings_or_exit(AuthSettings)
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS, stream=arguments.log_stream)
    match arguments.command:
        case "serve":
            run_process(partial(_serve, settings, arguments.only))
        case "views":
            run_process(partial(_operate_views, settings, arguments))
        case "bootstrap-staff":
            _bootstrap(settings, arguments)
        case "keys":
            operate_keys(settings, arguments)
        case _:
            _lift(settings, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_serve_command(commands)
    enrol = commands.add_parser("bootstrap-staff", help="enrol a member of staff; prints the authenticator's secret")
    enrol.add_argument("--user-name", required=True, type=_user_name, help="letters, digits, dot, dash, underscore")
    enrol.add_argument("--role", required=True, choices=get_args(StaffRole))
    enrol.add_argument("--agency", required=True, help="code of the agency whose work the person may see")
    enrol.add_argument("--reason", default="enrolled by the operator", help="why; stands in the list of acts")
    enrol.add_argument("--password-file", type=Path, help="file with the password; asked for without it")
    enrol.add_argument("--json", action="store_true", help="print for a machine")
    enrol.set_defaults(log_stream=sys.stderr)
    views = commands.add_parser("views", help="rebuild a read model, or roll it back")
    add_view_arguments(views, [projection.name for projection in all_projections()])
    add_indexed_key_arguments(commands)
    lift = commands.add_parser("lift-lock-out", help="let password and codes of a person count again; asks for whom")
    lift.add_argument("--kind", choices=get_args(AccessKind), default="citizen")
    lift.set_defaults(log_stream=sys.stderr)
    return parser


def _user_name(text: str) -> str:
    if not re.fullmatch(USER_NAME_PATTERN, text):
        raise argparse.ArgumentTypeError("3 to 64 of: letters, digits, dot, dash, underscore")
    return text


async def _serve(settings: AuthSettings, only: str | None) -> None:
    process = build_process(settings)
    runtime = process.foundation.runtime()
    runtime.on_start(process.use_cases.prepare)
    runtime.on_stop(process.secrets.close)
    runtime.on_stop(process.identity_provider.close)
    if only != "api":
        register_worker(runtime, process)
    await serve(runtime, build_api(process), settings)


async def _operate_views(settings: AuthSettings, arguments: argparse.Namespace) -> None:
    await operate_views(arguments, build_process(settings).foundation, all_projections())


def _bootstrap(settings: AuthSettings, arguments: argparse.Namespace) -> None:
    password = _password(arguments.password_file)

    async def enrol(process: Process) -> Enrolment:
        return await process.use_cases.staff.enrol(
            user_name=arguments.user_name,
            role=arguments.role,
            agency_code=arguments.agency,
            password=password,
            reason=arguments.reason,
        )

    _print(_once(settings, enrol), as_json=arguments.json)


def _lift(settings: AuthSettings, arguments: argparse.Namespace) -> None:
    # Typed in, not an argument: a person's number has no place among the arguments everybody on the machine can read.
    user_name = input("User name: ").strip()
    account_id = _once(
        settings, lambda process: process.use_cases.log_ins.lift_lock_out(user_name, kind=arguments.kind)
    )
    sys.stdout.write(f"password and codes of account {account_id} count again\n")


def _once(settings: AuthSettings, work: Callable[[Process], Awaitable[Result]]) -> Result:
    """Do one thing with a process that serves nobody, and say why if it cannot be done."""
    done: list[Result] = []

    async def run() -> None:
        process = build_process(settings)
        await process.foundation.log.start()
        await process.use_cases.prepare()
        try:
            done.append(await work(process))
        finally:
            await process.foundation.log.close()
            process.foundation.client.close()

    try:
        run_process(run)
    except InvalidFieldsError as error:
        sys.exit(f"the password is refused: {error}")
    except DomainError as error:
        sys.exit(f"refused: {error.code}")
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; try again")
    return done[0]


def _password(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    first = getpass.getpass("Password (at least 15 characters): ")
    if getpass.getpass("Once more: ") != first:
        sys.exit("the two passwords differ")
    return first


def _print(enrolment: Enrolment, *, as_json: bool) -> None:
    if as_json:
        lines = json.dumps(
            {
                "staff_id": enrolment.staff_id,
                "totp_secret": enrolment.totp_secret,
                "totp_uri": enrolment.totp_uri,
            }
        )
    else:
        lines = (
            f"Enrolled {enrolment.staff_id}. Enter this secret into an authenticator app; it is shown only now:\n"
            f"  {enrolment.totp_secret}\n  {enrolment.totp_uri}"
        )
    sys.stdout.write(f"{lines}\n")


if __name__ == "__main__":
    main()
