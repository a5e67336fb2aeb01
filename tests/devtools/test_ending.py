"""A verb that is told to end stops what it started."""

import signal
import subprocess
import sys

VERB = """
import threading
from devtools.cli.ending import end_on_sigterm_as_on_ctrl_c

end_on_sigterm_as_on_ctrl_c()
try:
    print("started", flush=True)
    threading.Event().wait()
finally:
    print("stopped", flush=True)
"""


def test_a_verb_ended_by_sigterm_stops_what_it_started() -> None:
    with subprocess.Popen(  # noqa: S603 - this very interpreter, with the text above
        [sys.executable, "-c", VERB], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as verb:
        assert verb.stdout is not None
        assert verb.stdout.readline() == "started\n"
        verb.send_signal(signal.SIGTERM)
        said, _ = verb.communicate(timeout=30)
    assert said == "stopped\n"
