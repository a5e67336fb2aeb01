"""The three photos of a declaration, as the rules see them: which picture, where it is kept, what is refused."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from registration.domain.rules.refusal import FieldRefusal, FormRefusedError, Rule, Text

PhotoKind = Literal["portrait", "identity_front", "identity_back"]
PHOTO_KINDS: Final[tuple[PhotoKind, ...]] = ("portrait", "identity_front", "identity_back")

# LIM-23: per declaration, replaced photos included.
PHOTOS_MAX: Final = 10
UPLOADED_BYTES_MAX: Final = 40 * 1024 * 1024


class StoredPhoto(BaseModel):
    """A photo that passed every check and is kept encrypted. `sha256` is that of the picture before encryption.

    `uploaded_bytes` is what came in, `size_bytes` what is kept of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_id: str
    sha256: str
    uploaded_bytes: int
    size_bytes: int
    width_pixels: int
    height_pixels: int


_PHONE_WAY_OUT: Final = Text(
    "Chụp lại bằng máy ảnh của điện thoại và gửi ảnh gốc, không qua chỉnh sửa.",
    "Take it again with the phone's camera and send the photo as it is.",
)

PHOTO_RULES: Final[tuple[Rule, ...]] = (
    Rule("photo_empty", Text("Chưa có ảnh.", "There is no photo."), Text("Chọn hoặc chụp ảnh.", "Choose or take one.")),
    Rule(
        "photo_kind",
        Text("Chỉ nhận ảnh JPEG hoặc PNG.", "Only JPEG and PNG photos are accepted."),
        _PHONE_WAY_OUT,
    ),
    Rule(
        "photo_broken",
        Text("Ảnh bị hỏng hoặc không đầy đủ.", "The photo is broken or incomplete."),
        _PHONE_WAY_OUT,
    ),
    Rule(
        "photo_animated",
        Text("Không nhận ảnh động.", "Animated pictures are not accepted."),
        _PHONE_WAY_OUT,
    ),
    Rule(
        "photo_too_large",
        Text("Ảnh không được quá 8 MB.", "A photo may have at most 8 MB."),
        Text("Giảm độ phân giải của máy ảnh rồi chụp lại.", "Lower the camera's resolution and take it again."),
    ),
    Rule(
        "photo_too_many_pixels",
        Text("Ảnh không được quá 25 megapixel.", "A photo may have at most 25 megapixels."),
        Text("Giảm độ phân giải của máy ảnh rồi chụp lại.", "Lower the camera's resolution and take it again."),
    ),
    Rule(
        "photo_too_small",
        Text("Cạnh ngắn của ảnh phải có ít nhất 300 điểm ảnh.", "The photo's shorter side needs at least 300 pixels."),
        Text("Chụp gần hơn hoặc chọn ảnh lớn hơn.", "Take it from nearer, or choose a larger photo."),
    ),
    Rule(
        "photo_too_heavy",
        Text("Ảnh quá phức tạp để xử lý.", "The photo takes too much to process."),
        _PHONE_WAY_OUT,
    ),
)
_BY_NAME: Final = {rule.name: rule for rule in PHOTO_RULES}


class PhotoRefusedError(FormRefusedError):
    """The upload is not a photo that can be kept. `rule` names which rule it breaks; nothing was stored."""

    def __init__(self, kind: PhotoKind, rule: str) -> None:
        super().__init__([FieldRefusal(kind, _BY_NAME[rule])])
