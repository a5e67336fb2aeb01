"""Compare the register with the marks: a step of `./dev check`."""

import sys

from devtools.cli.requirements import check
from devtools.errors import ToldError

try:
    check()
except ToldError as error:
    sys.exit(str(error))
