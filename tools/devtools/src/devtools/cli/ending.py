"""How a verb ends that has started a system of its own."""

import signal


def end_on_sigterm_as_on_ctrl_c() -> None:
    """Let what was started be stopped on the way out: by itself, SIGTERM would leave servers running."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
