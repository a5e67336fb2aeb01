"""`./dev ops …`: what an operator does to a running system."""

import typer

app = typer.Typer(help="Operate the running system: parked messages, rebuilding of read models.", no_args_is_help=True)
