"""The three photos of a declaration, as the rules see them: which picture, and where it is kept."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

PhotoKind = Literal["portrait", "identity_front", "identity_back"]
PHOTO_KINDS: Final[tuple[PhotoKind, ...]] = ("portrait", "identity_front", "identity_back")


class StoredPhoto(BaseModel):
    """A photo that passed every check and is kept encrypted. `sha256` is that of the picture before encryption."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_id: str
    sha256: str
    size_bytes: int
    width_pixels: int
    height_pixels: int
