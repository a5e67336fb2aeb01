"""The register of requirements, `docs/requirements.toml`."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from devtools.errors import ToldError

REGISTER_FILE = Path("docs") / "requirements.toml"

RequirementId = Annotated[str, Field(pattern=r"^[SVU]-\d{2}$")]


class Requirement(BaseModel):
    """`done` means: built, and held by a test that fails when it breaks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Literal["done", "under_way"]
    part: Literal["auth", "registration", "records", "notifications", "gateway"]
    statement: Annotated[str, Field(min_length=10)]


_Register = TypeAdapter(dict[RequirementId, Requirement])


def load(root: Path) -> dict[str, Requirement]:
    """Return the requirements by id, in the order of the file.

    Raises:
        ToldError: The file is not what it should be.
    """
    try:
        content = tomllib.loads((root / REGISTER_FILE).read_text(encoding="utf-8"))
        return _Register.validate_python(content)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ToldError(f"{REGISTER_FILE}: {error}") from error
