"""What people write to a page and to its Instagram account, from webhooks in Meta's own shape."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from drivers.contract import Attachment, HookReply, Inbound, Location, Party, Status
from drivers.messenger.inbound import Reader
from tests.drivers.messenger.payloads import (
    CDN,
    EARLIER,
    EVERYTHING,
    MID,
    dm,
    echo,
    event,
    file,
    instagram,
    message,
    page,
)
from tests.drivers.meta.signing import AT
from tests.drivers.peers.send_api import INSTAGRAM, PAGE, ROSA

ROSA_PARTY, US = Party(address=ROSA), Party(address=PAGE)
UNTIL = datetime(2025, 6, 8, 20, 58, 20, tzinfo=UTC)


def read(payload: Any) -> HookReply:
    return Reader(PAGE, INSTAGRAM).read(payload, AT)


def one(payload: Any) -> Inbound:
    (found,) = read(payload).inbounds
    return found


def test_it_works() -> None:
    found = one(page(message("Hola, ¿tienen clavos? 😀")))
    assert (found.channel, found.kind, found.text) == ("messenger", "message", "Hola, ¿tienen clavos? 😀")
    assert (found.external_id, found.sender, found.to) == (MID, ROSA_PARTY, (US,))
    assert found.sent_at == datetime(2025, 6, 8, 20, 59, 43, 123000, tzinfo=UTC)


def test_instagram_is_a_channel_of_its_own_and_writes_times_in_any_form() -> None:
    late = dm("Hola") | {"timestamp": "1749416383123"}
    found = one(instagram(late))
    assert (found.channel, found.to) == ("instagram", (Party(address=INSTAGRAM),))
    assert found.sent_at == datetime(2025, 6, 8, 20, 59, 43, 123000, tzinfo=UTC)
    changed = {"object": "instagram", "entry": [{"id": INSTAGRAM, "changes": [{"field": "messages", "value": late}]}]}
    assert one(changed) == found


def test_files_come_by_their_address() -> None:
    paper = "https://cdn.fbsbx.com/v/t59/cotizaci%C3%B3n.pdf?x=1"
    found = one(page(message(attachments=[file("image"), file("file", paper), file("audio", "https://a.example/b")])))
    assert found.attachments == (
        Attachment(media_type="image/png", ref=CDN),
        Attachment(media_type="application/pdf", name="cotización.pdf", ref=paper),
        Attachment(media_type="audio/mp4", ref="https://a.example/b"),
    )
    assert "no entrega" in one(page(message(attachments=[{"type": "image", "payload": {}}]))).note


def test_places_and_links() -> None:
    spot = {"type": "location", "title": "Mercado", "payload": {"coordinates": {"lat": 9.9, "long": -84.1}}}
    assert one(page(message(attachments=[spot]))).location == Location(latitude=9.9, longitude=-84.1, name="Mercado")
    link = {"type": "fallback", "title": "Clavos", "url": "https://t.example/clavos"}
    assert one(page(message("Vea", attachments=[link]))).text == "Vea\nClavos\nhttps://t.example/clavos"


def test_presses_and_quick_replies_are_choices() -> None:
    quick = one(page(message("Sí", quick_reply={"payload": "YES"})))
    assert (quick.kind, quick.payload, quick.text) == ("choice", "YES", "Sí")
    press = one(page(event({"postback": {"title": "Empezar", "payload": "START"}})))
    assert (press.kind, press.payload, press.text) == ("choice", "START", "Empezar")
    assert press.external_id == one(page(event({"postback": {"title": "Empezar", "payload": "START"}}))).external_id


def test_answers_to_messages_and_to_stories() -> None:
    assert one(page(message("Ese", reply_to={"mid": EARLIER}))).reply_to == EARLIER
    story = one(instagram(dm("¡Qué lindo!", reply_to={"story": {"id": "178", "url": CDN}})))
    assert (story.text, story.references, story.subject) == ("¡Qué lindo!", ("178",), "Responde a una historia suya.")
    assert story.attachments == (Attachment(media_type="image/png", ref=CDN),)


def test_a_mention_and_a_shared_post() -> None:
    mention = one(instagram(dm(attachments=[file("story_mention")])))
    assert (mention.subject, mention.attachments[0].ref) == ("Le mencionó en una historia.", CDN)
    shared = one(instagram(dm(attachments=[file("share", "https://www.instagram.example/p/1")])))
    assert (shared.text, shared.note) == ("https://www.instagram.example/p/1", "")


def test_edits_deletions_and_reactions_speak_of_their_message() -> None:
    edit = one(page(event({"message_edit": {"mid": EARLIER, "text": "12", "num_edit": 1}})))
    assert (edit.kind, edit.about, edit.text) == ("edit", EARLIER, "12")
    gone = one(instagram(dm(is_deleted=True)))
    assert (gone.kind, gone.about) == ("delete", MID)
    assert gone.external_id != MID
    liked = one(page(event({"reaction": {"mid": EARLIER, "action": "react", "emoji": "❤"}})))
    assert (liked.kind, liked.about, liked.text) == ("reaction", EARLIER, "❤")
    assert one(page(event({"reaction": {"mid": EARLIER, "action": "unreact", "emoji": "❤"}}))).text == ""


def test_two_edits_of_one_message_are_two() -> None:
    edits = [event({"message_edit": {"mid": EARLIER, "text": t, "num_edit": n}}) for n, t in ((1, "a"), (2, "b"))]
    assert len({f.external_id for f in read(page(*edits)).inbounds}) == 2


def test_what_was_written_elsewhere_is_an_echo_and_what_we_sent_is_news_of_it() -> None:
    found = one(page(echo("De la bandeja")))
    assert (found.kind, found.sender, found.to, found.text) == ("echo", US, (ROSA_PARTY,), "De la bandeja")
    ours = read(page(echo("Hola", metadata="centralita:k1")))
    (news,) = ours.statuses
    assert (ours.inbounds, news.state, news.key, news.external_id) == ((), "sent", "k1", MID)


def test_deliveries_and_reads_come_by_name_and_by_watermark() -> None:
    told = read(page(event({"delivery": {"mids": ["m_1", "", 7], "watermark": 1_749_416_300_000}}))).statuses
    assert [(s.state, s.external_id, s.address, s.until) for s in told] == [
        ("delivered", "m_1", "", None), ("delivered", "", ROSA, UNTIL)
    ]  # fmt: skip
    (seen,) = read(page(event({"read": {"watermark": "1749416300000"}}))).statuses
    assert (seen.state, seen.address, seen.until) == ("read", ROSA, UNTIL)
    by_name = read(instagram(event({"read": {"mid": "m_1"}}, recipient=INSTAGRAM))).statuses
    assert [(s.state, s.external_id) for s in by_name] == [("read", "m_1")]


def test_who_came_by_a_link_or_an_advertisement() -> None:
    came = one(page(event({"referral": {"ref": "m.me-link"}})))
    assert (came.kind, came.payload) == ("event", "m.me-link")
    ad = {"ref": "promo-7", "ads_context_data": {"ad_title": "Cemento"}}
    wrote = one(page(message("Info", referral=ad)))
    assert (wrote.kind, wrote.text, wrote.payload, wrote.subject) == ("message", "Info", "promo-7", "Cemento")


def test_what_another_app_answers_is_told_and_never_answered_by_machine() -> None:
    assert one(page(message("Hola"), where="standby")).automatic
    assert not one(page(message("Hola"))).automatic


def test_every_entry_and_every_event_is_read() -> None:
    events = [event({"message": {"mid": f"m{n}", "text": str(n)}}) for n in range(4)]
    payload = page(*events[:2])
    payload["entry"] += page(events[2])["entry"] + page(events[3], where="standby")["entry"]
    assert [m.text for m in read(payload).inbounds] == ["0", "1", "2", "3"]


def test_other_owners_are_passed_over() -> None:
    assert read(page(message("Hola"), owner="1")) == HookReply()
    assert read(instagram(message("Hola"), owner=PAGE)) == HookReply()
    assert Reader(PAGE, "").read(instagram(dm("Hola"), owner=""), AT) == HookReply()
    assert read(page(message("Hola")) | {"object": "user"}) == HookReply()


def test_what_nobody_knows_is_kept_with_a_note() -> None:
    odd = one(page(event({"teleport": {"to": "Mars"}})))
    assert (odd.kind, odd.payload, odd.automatic) == ("event", "teleport", True)
    assert "no conoce" in odd.note
    control = one(page(event({"pass_thread_control": {"new_owner_app_id": "1"}})))
    assert (control.kind, control.payload, control.note) == ("event", "pass_thread_control", "")
    assert "no entrega" in one(page(message(is_unsupported=True))).note
    comment = {"field": "feed", "value": {"item": "comment", "message": "¿Precio?"}}
    found = one({"object": "page", "entry": [{"id": PAGE, "time": 1_749_416_383, "changes": [comment]}]})
    assert (found.kind, found.payload, found.text) == ("event", "feed", "¿Precio?")


@pytest.mark.parametrize("said", EVERYTHING, ids=lambda e: next(iter(set(e) - {"sender", "recipient", "timestamp"})))
def test_everything_survives_being_stored(said: dict[str, Any]) -> None:
    reply = read(page(said))
    assert reply.inbounds or reply.statuses
    for each in (*reply.inbounds, *reply.statuses):
        kind: type[Inbound | Status] = type(each)
        assert msgspec.json.decode(msgspec.json.encode(each), type=kind) == each
