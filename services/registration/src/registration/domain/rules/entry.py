"""What a person typed, before any rule has seen it."""

from typing import Annotated

from pydantic import StringConstraints

# Rules work on bounded text only: no entry is longer than this when its rule is asked.
Entry = Annotated[str, StringConstraints(max_length=1_000)]
