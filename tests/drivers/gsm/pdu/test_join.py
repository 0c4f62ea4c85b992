"""Parts in any order, lost or twice; the same reference used again; time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.gsm.pdu.header import Header
from drivers.gsm.pdu.join import GAP, GROUPS, Joiner
from drivers.gsm.pdu.message import Deliver
from drivers.gsm.pdu.split import Body, split

AT = datetime(2026, 11, 21, 15, tzinfo=UTC)
WAIT = timedelta(minutes=30)
TEXT = "¿A qué hora abren? " * 20 + "😀"


def parts(text: str = TEXT, ref: int = 7, sender: str = "+50680000001") -> list[Deliver]:
    return [Deliver(sender=sender, body=body, at=AT) for body in split(text, ref)]


def test_it_works() -> None:
    joiner = Joiner(WAIT)
    first, *others = parts()
    assert joiner.add(first, AT) == []
    (got,) = [whole for part in others for whole in joiner.add(part, AT)]
    assert (got.text, got.total, got.missing, got.sender) == (TEXT, len(others) + 1, (), "+50680000001")


@settings(max_examples=50)
@given(st.data())
def test_any_order_loss_and_repetition(data: st.DataObject) -> None:
    """Every message is given once: whole when all came, with gaps when its time is over."""
    texts = {"+50680000001": TEXT, "+50680000002": "otro " * 60}
    sent = [part for sender, text in texts.items() for part in parts(text, 9, sender)]
    came = data.draw(st.lists(st.sampled_from(sent), min_size=1, max_size=3 * len(sent)))
    joiner = Joiner(WAIT)
    given_now = [whole for part in came for whole in joiner.add(part, AT)]
    late = joiner.expire(AT + WAIT)
    assert joiner.expire(AT + WAIT) == []
    assert sorted(w.sender for w in given_now + late) == sorted({part.sender for part in came})
    for whole in given_now:
        assert (whole.text, whole.missing) == (texts[whole.sender], ())
    for whole in late:
        got = {part.body.header.seq for part in came if part.sender == whole.sender}
        assert set(whole.missing) == set(range(1, whole.total + 1)) - got
        assert whole.text.count(GAP) == len(whole.missing)


def test_a_part_that_comes_after_all_mends_the_message() -> None:
    joiner, (*early, last) = Joiner(WAIT), parts()
    for part in early:
        joiner.add(part, AT)
    (partial,) = joiner.expire(AT + WAIT)
    (mended,) = joiner.add(last, AT + 2 * WAIT)
    assert (mended.mends, mended.text, mended.missing) == (partial.id, TEXT, ())
    assert mended.id != partial.id
    assert joiner.add(last, AT + 2 * WAIT) == []


def test_the_same_reference_for_another_message_mixes_nothing() -> None:
    joiner = Joiner(WAIT)
    older, newer = parts("viejo " * 40), parts("nuevo " * 40)
    joiner.add(older[0], AT)
    (partial,) = joiner.add(newer[0], AT)
    assert partial.text.startswith("viejo")
    assert partial.missing == (2,)
    (whole,) = joiner.add(newer[1], AT)
    assert whole.text == "nuevo " * 40
    assert joiner.add(older[0], AT) == []


def test_eight_and_sixteen_bit_references_are_not_the_same() -> None:
    joiner = Joiner(WAIT)
    for wide in (False, True):
        for seq in (1, 2):
            header = Header(ref=5, total=2, seq=seq, wide=wide)
            body = Body(alphabet="gsm7", data=b"%d%d" % (wide, seq), header=header)
            got = joiner.add(Deliver(sender="x", body=body, at=AT), AT)
    assert got[0].text == "1112"


def test_what_waits_survives_a_restart_and_ids_stay() -> None:
    joiner, again, (*early, last) = Joiner(WAIT), Joiner(WAIT), parts()
    for part in early:
        joiner.add(part, AT)
    again.load(joiner.dump())
    assert again.add(last, AT)[0].id == joiner.add(last, AT)[0].id
    again.load(None)
    assert again.next_expiry() is None


def test_two_alike_are_two_when_their_stamps_differ() -> None:
    one, same, other = (Deliver(sender="x", body=split("Sí")[0], at=AT + timedelta(seconds=s)) for s in (0, 0, 1))
    ids = [Joiner(WAIT).add(part, AT)[0].id for part in (one, same, other)]
    assert ids[0] == ids[1] != ids[2]


def test_no_more_than_so_many_wait() -> None:
    joiner = Joiner(WAIT)
    got = [whole for ref in range(GROUPS + 1) for whole in joiner.add(parts(sender=f"+5068{ref:07}")[0], AT)]
    assert [whole.sender for whole in got] == ["+50680000000"]
    joiner.expire(AT + WAIT + timedelta(hours=25))
    assert joiner.groups == {}


def test_for_an_application_is_no_text() -> None:
    body = Body(alphabet="data", data=b"\x01", header=Header(ports=(2948, 9200)))
    (got,) = Joiner(WAIT).add(Deliver(sender="x", body=body), AT)
    assert (got.text, got.data, got.ports) == ("", b"\x01", (2948, 9200))
