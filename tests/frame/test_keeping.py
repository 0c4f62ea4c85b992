"""The story of a kept thing: a pure state machine, so chance writes the scripts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.frame.keeping import CHANGES, LONGEST_S, STEADY_S, Story, backoff_s
from drivers.contract import NeedsHuman, NotReady

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def story() -> Story:
    return Story("device-1", "Módem 1", "device", START)


def test_it_works() -> None:
    it = story()
    it.starting(START)
    assert it.ready(START, 0.0, identity="350000000000001")
    told = it.told(START)
    assert (told.state, told.identity, told.title) == ("ready", "350000000000001", "Módem 1")
    assert [c.state for c in told.changes] == ["starting", "ready"]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_backoff_doubles_up_to_a_minute_and_chance_only_shortens_it(tries: int, chance: float) -> None:
    full = min(LONGEST_S, 2.0 ** min(tries, 10))
    assert 0.9 * full <= backoff_s(tries, chance) <= full


def test_a_trouble_is_as_old_as_its_first_try() -> None:
    it = story()
    it.starting(START)
    for minute in range(5):
        it.starting(START + timedelta(minutes=minute))
        it.broke(NotReady("Sin puerto"), START + timedelta(minutes=minute), 60.0 * minute, 0.0)
    told = it.told(START + HOUR)
    assert told.since == START
    assert [c.state for c in told.changes] == ["starting", "retrying"]
    assert told.tries == 5


def test_the_reason_stays_in_sight_while_it_tries_again() -> None:
    it = story()
    it.starting(START)
    it.broke(NotReady("Falta %(port)s", port="ttyUSB2"), START, 0.0, 0.0)
    it.starting(START + timedelta(seconds=2))
    told = it.told(START + timedelta(seconds=2))
    assert (told.state, told.reason) == ("starting", "Falta ttyUSB2")


def test_a_minute_of_ready_forgets_earlier_tries() -> None:
    def second_wait(ready_s: float) -> float | None:
        it = story()
        it.starting(START)
        for _try in range(4):
            it.broke(NotReady("x"), START, 0.0, 0.0)
        it.starting(START)
        it.ready(START, 100.0)
        return it.broke(NotReady("x"), START, 100.0 + ready_s, 0.0)

    assert second_wait(STEADY_S) == 2.0
    assert second_wait(STEADY_S - 1) == 32.0


def test_a_person_is_told_what_to_do_and_nothing_is_tried() -> None:
    it = story()
    it.starting(START)
    assert it.broke(NeedsHuman("El chip pide PIN.", "Saque el chip.\n\nQuite el PIN."), START, 0.0, 0.0) is None
    told = it.told(START)
    assert (told.state, told.retry_at, told.steps) == ("needs_human", None, ["Saque el chip.", "Quite el PIN."])


def test_in_a_group_of_errors_the_persons_part_wins() -> None:
    it = story()
    it.starting(START)
    inner = ExceptionGroup("b", [OSError("lost"), NeedsHuman("Token vencido", "Renueve el token")])
    assert it.broke(ExceptionGroup("a", [ValueError("x"), inner]), START, 0.0, 0.0) is None
    assert it.told(START).reason == "Token vencido"


def test_an_unexpected_error_is_named_and_a_percent_sign_does_no_harm() -> None:
    it = story()
    it.starting(START)
    it.broke(OSError("100% gone %(x)s"), START, 0.0, 0.0)
    assert it.told(START).reason == "Falló por dentro: OSError: 100% gone %(x)s"


def test_a_driver_may_ask_for_a_longer_pause() -> None:
    it = story()
    it.starting(START)
    assert it.broke(NotReady("Límite", after_s=300), START, 0.0, 0.0) == 300
    assert it.told(START).retry_at == START + timedelta(seconds=300)


def test_a_new_note_is_news_and_the_same_one_is_not() -> None:
    it = story()
    it.starting(START)
    assert it.ready(START, 0.0, note="calidad alta")
    assert not it.ready(START, 0.0, note="calidad alta")
    assert it.ready(START, 0.0, note="Token vence en 5 días")


class AnyStory(RuleBasedStateMachine):
    """Whatever happens in whatever order, the story stays true."""

    @initialize()
    def begin(self) -> None:
        self.it = story()
        self.at, self.tick = START, 0.0
        self.it.starting(self.at)

    @rule(seconds=st.floats(0, 200_000))
    def time_passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.tick += seconds

    @precondition(lambda self: self.it.state in ("starting", "ready"))
    @rule(note=st.sampled_from(["", "a", "b"]))
    def ready(self, note: str) -> None:
        self.it.ready(self.at, self.tick, "imei", note)
        assert self.it.state == "ready"

    @precondition(lambda self: self.it.state in ("starting", "ready"))
    @rule(why=st.sampled_from("abc"), chance=st.floats(0, 1))
    def breaks(self, why: str, chance: float) -> None:
        wait_s = self.it.broke(NotReady(why), self.at, self.tick, chance)
        assert wait_s is not None
        assert 0 < wait_s <= LONGEST_S
        assert self.it.retry_at == self.at + timedelta(seconds=wait_s)

    @precondition(lambda self: self.it.state in ("starting", "ready"))
    @rule()
    def asks(self) -> None:
        assert self.it.broke(NeedsHuman("PIN", "Quite el PIN"), self.at, self.tick, 0.0) is None

    @precondition(lambda self: self.it.state in ("retrying", "needs_human", "off"))
    @rule()
    def again(self) -> None:
        self.it.starting(self.at)

    @rule()
    def stops(self) -> None:
        self.it.stopped(self.at)

    @invariant()
    def it_tells_the_truth(self) -> None:
        told = self.it.told(self.at)
        assert told.state == self.it.state
        assert (told.retry_at is not None) == (told.state == "retrying")
        assert len(told.changes) <= CHANGES
        assert all(a.at <= b.at for a, b in zip(told.changes, told.changes[1:], strict=False))
        assert told.since <= self.at
        assert len(told.hours) == 24
        assert all(h is None or 0 <= h <= 1 for h in told.hours)


TestAnyStory = AnyStory.TestCase
