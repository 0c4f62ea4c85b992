"""Files by id: an address of five minutes, the token only to Meta, whole or not there."""

from pathlib import Path

import pytest

from drivers.contract import Attachment, NotReady, SendError
from tests.drivers.peers.cloud_api import CloudApi, cloud_api, refusal
from tests.drivers.peers.wire import Fault
from tests.drivers.whatsapp.lines import line

PHOTO = Attachment(media_type="image/jpeg", ref="media-1")


def with_photo(peer: CloudApi) -> CloudApi:
    peer.files["media-1"] = ("image/jpeg", b"\xff\xd8" * 5000)
    return peer


async def test_it_works(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        got = await line(with_photo(peer).url).fetch(PHOTO, tmp_path / "a.jpg")
    assert (got.path, got.size, got.media_type) == (str(tmp_path / "a.jpg"), 10_000, "image/jpeg")
    assert (tmp_path / "a.jpg").read_bytes() == b"\xff\xd8" * 5000


async def test_an_expired_address_is_asked_for_again(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        with_photo(peer).stale = 1
        await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")
        assert peer.wire
        assert [a.path.rpartition("/")[2] for a in peer.wire.asked] == [
            "media-1", "stale-media-1", "media-1", "media-1"
        ]  # fmt: skip


async def test_one_that_stays_expired_is_gone(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        with_photo(peer).stale = 9
        with pytest.raises(SendError, match="ya no está en WhatsApp") as error:
            await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")
    assert error.value.permanent
    assert list(tmp_path.iterdir()) == []


async def test_a_deleted_file_is_gone_and_not_a_wrong_setting(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        with pytest.raises(SendError, match="ya no está en WhatsApp"):
            await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")


async def test_the_token_is_not_shown_to_a_foreign_host(tmp_path: Path) -> None:
    async with cloud_api() as peer, cloud_api() as foreign:
        with_photo(peer).elsewhere = f"{foreign.url}/whatsapp_business/attachments/media-1"
        with pytest.raises(SendError, match="no es de Meta"):
            await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")
        assert foreign.wire
        assert foreign.wire.asked == []


async def test_a_damaged_file_does_not_stay(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        with_photo(peer).wrong_hash = True
        with pytest.raises(NotReady, match="dañado"):
            await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", ["at_once", "read", "half_body", "silence", "noise"])
async def test_an_interrupted_download_is_tried_again_later(fault: Fault, tmp_path: Path) -> None:
    async with cloud_api() as peer:
        assert with_photo(peer).wire
        peer.wire.fault = fault  # type: ignore[union-attr]
        with pytest.raises(NotReady):
            await line(peer.url, patience_s=0.2).fetch(PHOTO, tmp_path / "a.jpg")
        assert list(tmp_path.iterdir()) == []
        assert (await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")).size == 10_000


async def test_a_rate_limit_is_no_loss(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        with_photo(peer).refusals = [refusal(80007)]
        with pytest.raises(SendError) as error:
            await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")
    assert not error.value.permanent


async def test_what_has_no_file_says_so(tmp_path: Path) -> None:
    for ref in ("", "me?fields=id", "../me", "https://files.example/a"):
        with pytest.raises(SendError, match="no tiene archivo"):
            await line().fetch(Attachment(ref=ref), tmp_path / "a")


async def test_a_file_without_end_is_given_up(tmp_path: Path) -> None:
    async with cloud_api() as peer:
        with_photo(peer).files["media-1"] = ("image/jpeg", b"x" * (3 << 20))
        peer.said_size = 10
        with pytest.raises(SendError, match="más de lo que cabe") as error:
            await line(peer.url).fetch(PHOTO, tmp_path / "a.jpg")
    assert error.value.permanent
    assert list(tmp_path.iterdir()) == []
