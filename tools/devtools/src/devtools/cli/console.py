"""How `./dev` talks: plain words, colour only on a terminal."""

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def done(what: str) -> None:
    console.print(f"[green]✓[/] {what}", soft_wrap=True)


def failed(what: str) -> None:
    errors.print("[red]✗[/] ", end="")
    errors.print(what, markup=False, soft_wrap=True)
