"""Demo data for a fresh system, and what a person needs to know to look around."""

from http.client import HTTPConnection, HTTPException

from devtools.errors import ToldError
from devtools.servers.ports import LOOPBACK
from devtools.system.layout import Layout

FIRST_PATH = "/api/registration/v1/agencies"
OK = 200


class Demo:
    def __init__(self, layout: Layout) -> None:
        self._layout = layout

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

    def make(self) -> None:
        """Make demo data."""

    def summary(self) -> str:
        return f"gateway {self._layout.gateway_url}\nmessages {self._layout.sandbox_url}"
