"""Photos through the real process: limits hold, nothing half-stored, only ciphertext at rest."""

import asyncio
from io import BytesIO

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.personal_data.cipher import PersonalDataCipher, TamperedDataError
from PIL import Image
from registration.domain.declaration.events import PhotoAttached
from registration.domain.photos import PhotoKind, PhotoRefusedError
from registration.storage.photo_cleaner import CleaningLimits, PhotoCleaner
from registration.storage.photo_process import CleanPhoto
from registration.storage.photos import PhotoGoneError, Photos

from tests.registration import photo_corpus as corpus
from tests.registration.service import OFFICER, CleanerInThisProcess, InMemoryFiles, Service, jpeg


def files_of(service: Service) -> InMemoryFiles:
    assert isinstance(service.files, InMemoryFiles)
    return service.files


@pytest.mark.req("S-81")
@pytest.mark.sec("SEC-26")
async def test_a_photo_is_kept_encrypted_under_a_name_that_says_nothing() -> None:
    service = Service(cleaner=PhotoCleaner(CleaningLimits()))
    declared = await service.start()
    answer = await service.attach(declared, "portrait")
    assert answer.status == 200
    assert answer.json()["width_pixels"] == 640
    event = await service.last_event()
    assert isinstance(event, PhotoAttached)
    ((name, stored),) = files_of(service).files.items()
    assert name == event.photo.file_id
    assert len(name) == 32
    assert b"JFIF" not in stored.content
    assert declared.declaration_id not in name


@pytest.mark.parametrize("name", ["text", "pixel bomb", "truncated", "animated", "one pixel too narrow"])
async def test_nothing_is_kept_of_an_upload_that_is_refused(name: str) -> None:
    service = Service(cleaner=PhotoCleaner(CleaningLimits()))
    make, rule = corpus.REFUSED[name]
    declared = await service.start()
    answer = await service.attach(declared, "portrait", make())
    assert answer.status == 422
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("portrait", rule)]
    assert files_of(service).files == {}
    assert await service.event_types() == ["declaration_started"]


@pytest.mark.sec("SEC-22")
async def test_one_byte_over_the_limit_is_refused_before_all_of_it_is_read(service: Service) -> None:
    declared = await service.start()
    answer = await service.attach(declared, "portrait", corpus.one_byte_over())
    assert answer.status == 413
    chunks = [b"\xff" * 1024 * 1024] * 9
    streamed = await service.client.request(
        "PUT",
        f"{declared.path}/photos/portrait",
        caller=OFFICER,
        body=chunks,
        headers={"Declaration-Token": declared.token},
    )
    assert streamed.status == 413
    assert files_of(service).files == {}


@pytest.mark.sec("SEC-24")
async def test_a_declaration_has_ten_photos_and_no_more(service: Service) -> None:
    declared = await service.start()
    for _ in range(10):
        assert (await service.attach(declared, "portrait")).status == 200
    answer = await service.attach(declared, "portrait")
    assert (answer.status, answer.json()["code"]) == (409, "photo_quota_used_up")
    assert len(files_of(service).files) == 1


async def test_a_photo_that_loses_its_race_leaves_no_file(service: Service) -> None:
    declared = await service.drafted()
    kept = set(files_of(service).files)
    answer = await service.ask(
        "PUT", f"{declared.path}/photos/portrait", raw=jpeg(), token=declared.token, version='"1"'
    )
    assert answer.status == 412
    assert set(files_of(service).files) == kept


@pytest.mark.sec("SEC-25")
async def test_a_photo_that_takes_too_much_memory_is_refused() -> None:
    with pytest.raises(PhotoRefusedError) as refusal:
        await PhotoCleaner(CleaningLimits(memory_bytes=160 * 1024 * 1024)).clean("portrait", corpus.flat())
    assert refusal.value.refusals[0].rule.name == "photo_too_heavy"


async def test_photos_are_looked_at_side_by_side_and_in_turn() -> None:
    cleaner = PhotoCleaner(CleaningLimits(processes=2))
    photos = await asyncio.gather(*(cleaner.clean("portrait", jpeg(width=400 + n)) for n in range(5)))
    assert [photo.width_pixels for photo in photos] == [400, 401, 402, 403, 404]


@pytest.mark.sec("API-04")
async def test_uploads_wait_in_a_short_queue_and_no_longer() -> None:
    cleaner = PhotoCleaner(CleaningLimits(processes=1, queue=1))
    outcomes = await asyncio.gather(*(cleaner.clean("portrait", jpeg()) for _ in range(3)), return_exceptions=True)
    assert [isinstance(outcome, UnavailableError) for outcome in outcomes] == [False, False, True]
    assert (await cleaner.clean("portrait", jpeg())).width_pixels == 640


class MeetingCleaner(CleanerInThisProcess):
    """Lets nobody go on before `expected` uploads are under way."""

    def __init__(self, expected: int) -> None:
        self._barrier = asyncio.Barrier(expected)

    async def clean(self, kind: PhotoKind, upload: bytes) -> CleanPhoto:
        await self._barrier.wait()
        return await super().clean(kind, upload)


@pytest.mark.sec("SEC-04")
async def test_of_rival_uploads_of_one_photo_only_the_file_that_counts_is_kept() -> None:
    service = Service(cleaner=MeetingCleaner(3))
    declared = await service.start()
    for _ in range(2):
        uploads = (service.attach(declared, "portrait", jpeg(width=400 + width)) for width in range(3))
        assert [answer.status for answer in await asyncio.gather(*uploads)] == [200] * 3
    last = await service.last_event()
    assert isinstance(last, PhotoAttached)
    assert set(files_of(service).files) == {last.photo.file_id}


async def test_a_photo_opens_for_its_own_person_and_place_only(service: Service) -> None:
    files, cipher = InMemoryFiles(), PersonalDataCipher(service.keyring)
    photos = Photos(files, cipher, service.ids)
    clean = await PhotoCleaner(CleaningLimits()).clean("portrait", jpeg())
    stored = await photos.keep(clean, person_id="e" * 32, declaration_id="d" * 32, uploaded_bytes=10)
    assert await photos.read(stored, person_id="e" * 32) == clean.jpeg
    with pytest.raises(TamperedDataError):
        await photos.read(stored.model_copy(update={"sha256": "0" * 64}), person_id="e" * 32)
    files.files["b" * 32] = files.files[stored.file_id]
    with pytest.raises(TamperedDataError):
        await photos.read(stored.model_copy(update={"file_id": "b" * 32}), person_id="e" * 32)
    await service.keyring.forget("e" * 32)
    with pytest.raises(PhotoGoneError):
        await photos.read(stored, person_id="e" * 32)
    await photos.remove(stored)
    with pytest.raises(PhotoGoneError):
        await photos.read(stored, person_id="e" * 32)


@pytest.mark.req("S-82")
@pytest.mark.sec("SEC-27")
async def test_a_photo_is_shown_with_headers_that_keep_it_a_photo(service: Service) -> None:
    declared = await service.checking()
    answer = await service.ask(
        "GET", f"{declared.officer_path}/photos/portrait?purpose=compare_with_form", caller=OFFICER
    )
    assert answer.status == 200
    with Image.open(BytesIO(answer.body)) as image:
        assert image.size == (640, 480)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == 'inline; filename="portrait.jpg"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox")
