"""A bot over a real socket: polling, sending, files, and each thing that Telegram may say instead."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import Attachment, HookRequest, NeedsHuman, NotReady, SendError
from drivers.telegram.content import EVENTS
from drivers.telegram.hook import HEADER, secret
from drivers.telegram.settings import RemoveWebhook, SetWebhook
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.eventually import eventually
from tests.drivers.peers.telegram import FakeTelegram, refusal
from tests.drivers.peers.wire import Reply
from tests.drivers.telegram import updates
from tests.drivers.telegram.conftest import Make, hello
from tests.drivers.telegram.updates import GROUP


async def test_it_works(peer: FakeTelegram, make: Make, living: Living) -> None:
    bot = make()
    async with living(bot) as sink:
        peer.put(updates.update(1, text="Buenas"), updates.callback(2))
        await sink.until(inbounds=2)
        receipt = await bot.send(hello(reply_to="5001:7"))
    assert [(i.kind, i.external_id) for i in sink.inbounds] == [("message", "5001:7"), ("choice", "callback:cb1")]
    assert (receipt.external_id, receipt.state) == ("5001:100", "sent")
    assert peer.answered == ["cb1"]
    assert sink.said[0] == ("424242", "")


async def test_what_was_not_stored_comes_again(peer: FakeTelegram, make: Make, living: Living) -> None:
    peer.put(updates.update(1, text="uno"), updates.update(2, text="dos"))
    full = Collecting()
    full.fails = True
    with pytest.raises(OSError, match="disk full"):
        await make().run(full)
    assert peer.offsets == [None]
    async with living(make()) as sink:
        await sink.until(inbounds=2)
        peer.put(updates.update(3, text="tres"))
        await sink.until(inbounds=3)
    assert 3 in peer.offsets
    assert [i.text for i in sink.inbounds] == ["uno", "dos", "tres"]


async def test_a_question_is_held_and_answered_at_once(peer: FakeTelegram, make: Make, living: Living) -> None:
    async with living(make(poll_s=30)) as sink:
        await eventually(lambda: peer.offsets)
        peer.put(updates.update(1, text="ya"))
        await sink.until(inbounds=1, seconds=2)
    assert len(peer.offsets) <= 3


async def test_after_a_quiet_week_a_lower_number_is_heard(peer: FakeTelegram, make: Make, living: Living) -> None:
    async with living(make(poll_s=0)) as sink:
        peer.put(updates.update(900, text="antes"))
        await sink.until(inbounds=1)
        await eventually(lambda: peer.offsets[-1] is None and 901 in peer.offsets)
        peer.put({"update_id": 5, "message": updates.message(8, text="después")})
        await sink.until(inbounds=2)
    assert [i.text for i in sink.inbounds] == ["antes", "después"]


async def test_another_reader_and_a_webhook_are_named(peer: FakeTelegram, make: Make) -> None:
    peer.refuse["getUpdates"] = refusal(409, "Conflict: terminated by other getUpdates request; make sure that only")
    with pytest.raises(NotReady, match="Otro programa"):
        await make().run(Collecting())
    del peer.refuse["getUpdates"]
    peer.webhook["url"] = "https://otra.example/hook"
    with pytest.raises(NeedsHuman, match="otra dirección") as error:
        await make().run(Collecting())
    assert "remove_webhook" in error.value.what_to_do


async def test_the_webhook_is_set_and_removed(peer: FakeTelegram, make: Make, living: Living) -> None:
    bot = make(mode="webhook")
    async with living(bot) as sink:
        assert "adónde" in sink.said[0][1]
        await bot.do(SetWebhook(url="https://oficina.example/hooks/x"))
        await eventually(lambda: not sink.said[-1][1])
        assert peer.webhook["secret"] == secret(bot.settings)
        with pytest.raises(SendError, match="HTTPS"):
            await bot.do(SetWebhook(url="http://oficina.example/hooks/x"))
        await bot.do(RemoveWebhook())
    assert peer.webhook["url"] == ""


async def test_a_group_is_told_once_and_left(peer: FakeTelegram, make: Make, living: Living) -> None:
    bot = make(group_text="A solas, por favor.")
    async with living(bot) as sink:
        peer.put(updates.member("member", 1, GROUP), updates.update(2, text="hola a todos", chat=GROUP))
        await sink.until(inbounds=1)
        await eventually(lambda: peer.left)
    assert [(m, f["chat_id"], f["text"]) for m, f in peer.sent] == [("sendMessage", -7001, "A solas, por favor.")]
    assert [i.kind for i in sink.inbounds] == ["event"]
    again = make()
    task = asyncio.create_task(again.run(sink))
    peer.put(updates.member("member", 3, GROUP))
    await eventually(lambda: len(peer.left) == 2)
    task.cancel()
    assert len(peer.sent) == 1, "told once, also after a restart"


@pytest.mark.parametrize(("groups", "told", "kept"), [("say", 1, 0), ("take", 0, 1)])
async def test_groups_as_the_settings_say(
    peer: FakeTelegram, make: Make, living: Living, groups: str, told: int, kept: int
) -> None:
    bot = make(groups=groups, mode="webhook")
    async with living(bot):
        for _ in range(2):
            body = b'{"update_id":1,"message":{"message_id":1,"date":1,"text":"x","chat":{"id":-7001,"type":"group"}}}'
            known = {HEADER: secret(bot.settings)}
            reply, asked = bot.hook(HookRequest(method="POST", body=body, headers=known)), len(peer.wire.asked)
            await eventually(lambda: len(peer.wire.asked) > asked + 4)  # noqa: B023
    assert (len(peer.sent), len(reply.inbounds), peer.left) == (told, kept, [])


async def test_a_group_that_moved_is_followed(peer: FakeTelegram, make: Make, living: Living) -> None:
    def moved(fields: Any) -> Any:
        if fields["chat_id"] != "-7001":
            return None
        return refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1007009)

    peer.refuse["sendMessage"] = moved
    bot = make(groups="take")
    async with living(bot) as sink:
        receipt = await bot.send(hello(to="-7001"))
    assert receipt.external_id == "-1007009:100"
    assert [(i.payload, i.note) for i in sink.inbounds] == [("-1007009", EVENTS["migrate_to_chat_id"])]


@pytest.mark.parametrize(
    ("said", "code", "permanent"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), "blocked", True),
        (refusal(403, "Forbidden: user is deactivated"), "deleted", True),
        (refusal(403, "Forbidden: bot can't initiate conversation with a user"), "not_started", True),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), "not_in_group", True),
        (refusal(403, "Forbidden: something new"), "forbidden", True),
        (refusal(400, "Bad Request: chat not found"), "no_chat", True),
        (refusal(400, "Bad Request: message text is empty"), "refused", True),
        (refusal(429, "Too Many Requests: retry after 17", retry_after=17), "too_fast", False),
    ],
)
async def test_a_refusal_is_certain_and_in_words(
    peer: FakeTelegram, make: Make, said: Any, code: str, permanent: bool
) -> None:
    peer.refuse["sendMessage"] = said
    with pytest.raises(SendError) as error:
        await make().send(hello())
    assert (error.value.code, error.value.permanent) == (code, permanent)
    assert error.value.after_s == (17 if code == "too_fast" else None)


async def test_files_go_up_whole(peer: FakeTelegram, make: Make, tmp_path: Path) -> None:
    (tmp_path / "ñ.pdf").write_bytes(b"%PDF" * 1000)
    picture = Attachment(media_type="image/jpeg", name="a.jpg", content=b"\xff\xd8")
    paper = Attachment(media_type="application/pdf", name="ñ.pdf", path=str(tmp_path / "ñ.pdf"))
    receipt = await make().send(hello(attachments=(picture, picture, paper)))
    assert (receipt.external_id, receipt.also, receipt.parts) == ("5001:100", ("5001:101", "5001:102"), 3)
    (_, album), (_, document) = peer.sent
    assert (album["file0"], document["document"]) == (b"\xff\xd8", b"%PDF" * 1000)
    with pytest.raises(SendError) as error:
        await make().send(hello(attachments=(Attachment(path=str(tmp_path / "no"), name="no"),)))
    assert error.value.code == "no_file"


async def test_a_file_too_big_is_refused_here_or_there(peer: FakeTelegram, make: Make, tmp_path: Path) -> None:
    with (tmp_path / "big.bin").open("wb") as big:
        big.truncate(50 * 1024 * 1024 + 1)
    peer.refuse["sendDocument"] = Reply(413, body=b"<html>")
    for file in (Attachment(path=big.name, name="big.bin"), Attachment(content=b"x", name="x.bin")):
        with pytest.raises(SendError) as error:
            await make().send(hello(attachments=(file,)))
        assert (error.value.code, error.value.permanent) == ("too_big", True)
    assert peer.sent == []


async def test_a_file_is_fetched_by_its_id(peer: FakeTelegram, make: Make, tmp_path: Path) -> None:
    peer.files["ref1"] = b"x" * 100_000
    got = await make().fetch(Attachment(ref="ref1", name="a.bin"), tmp_path / "a.bin")
    assert (Path(got.path).read_bytes(), got.size) == (b"x" * 100_000, 100_000)
    with pytest.raises(SendError, match="ya no tiene ese archivo"):
        await make().fetch(Attachment(ref="otro"), tmp_path / "b.bin")
    peer.refuse["getFile"] = refusal(400, "Bad Request: file is too big")
    with pytest.raises(SendError, match="20 MB"):
        await make().fetch(Attachment(ref="ref1"), tmp_path / "b.bin")
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


async def test_a_relay_may_stand_under_a_path(peer: FakeTelegram, make: Make, tmp_path: Path) -> None:
    peer.prefix = "/relevo/tg"
    peer.files["r"] = b"x"
    bot = make(base_url=f"{peer.url}/relevo/tg/")
    assert (await bot.probe()).ok
    assert (await bot.fetch(Attachment(ref="r"), tmp_path / "r")).size == 1


async def test_probe_says_what_is_wrong_and_what_to_do(peer: FakeTelegram, make: Make) -> None:
    assert (await make().probe()).ok
    for bot, words in (
        (make(token="424242:otro-token"), "no reconoce"),
        (make(token="pegado mal"), "forma"),
        (make(base_url="http://127.0.0.1:1"), "no acepta"),
        (make(base_url="nada"), "mal escrita"),
        (make(base_url="http://a:b"), "mal escrita"),
        (make(mode="webhook"), "adónde"),
    ):
        said = await bot.probe()
        assert not said.ok
        assert words in said.sentence
        assert said.what_to_do
    peer.webhook["url"] = "https://otra.example/hook"
    assert "otra dirección" in (await make().probe()).sentence
    assert (await make(mode="webhook").probe()).ok
    peer.refuse["getMe"] = refusal(200, "")
    peer.refuse["getMe"].value.clear()
    assert "no contesta Telegram" in (await make().probe()).sentence
