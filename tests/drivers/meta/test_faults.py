"""What Meta's refusals mean: again by itself, never, or a person."""

from typing import Any

import msgspec
import pytest

from drivers.contract import NeedsHuman, SendError
from drivers.http import Answer
from drivers.meta.faults import COMMON, Fault, read_fault, trouble


def said(status: int = 400, headers: dict[str, str] | None = None, **error: Any) -> Fault:
    body = msgspec.json.encode({"error": error}) if error else b"<html>"
    return read_fault(Answer(status=status, headers=headers or {}, body=body))


def test_it_works() -> None:
    error = trouble(said(code=100, message="(#100) Invalid parameter"), {})
    assert isinstance(error, SendError)
    assert (error.permanent, error.code) == (True, "100")
    assert str(error) == "Meta no entendió el mensaje: (#100) Invalid parameter"


@pytest.mark.parametrize("code", [190, 0, 102])
def test_a_dead_token_needs_a_person(code: int) -> None:
    error = trouble(said(401, code=code, message="expired"), {})
    assert isinstance(error, NeedsHuman)
    assert "token nuevo" in error.what_to_do


@pytest.mark.parametrize(("code", "wait"), [(4, 60), (613, 60), (2, 30)])
def test_what_passes_is_tried_again_later(code: int, wait: float) -> None:
    error = trouble(said(code=code), {})
    assert isinstance(error, SendError)
    assert (error.permanent, error.after_s) == (False, wait)


def test_meta_may_say_itself_how_long() -> None:
    error = trouble(said(429, {"retry-after": "7"}, code=4), {})
    assert isinstance(error, SendError)
    assert error.after_s == 7
    assert said(429, {"retry-after": "soon"}, code=4).after_s is None
    usage = '{"77": [{"type": "whatsapp", "call_count": 100, "estimated_time_to_regain_access": 5}]}'
    assert said(429, {"x-business-use-case-usage": usage}, code=80007).after_s == 300
    for odd in ("", "[]", '{"77": 3}', "x"):
        assert said(429, {"x-business-use-case-usage": odd}, code=80007).after_s is None


def test_an_unknown_object_needs_a_person_whatever_the_code() -> None:
    assert isinstance(trouble(said(code=100, error_subcode=33), {}), NeedsHuman)


def test_an_unknown_code_is_never_tried_again_unless_meta_calls_it_passing() -> None:
    error = trouble(said(code=424242, message="Odd"), {})
    assert isinstance(error, SendError)
    assert (error.permanent, str(error)) == (True, "Meta rechazó la solicitud (código 424242): Odd")
    passing = trouble(said(code=424242, is_transient=True), {})
    assert isinstance(passing, SendError)
    assert not passing.permanent


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [(401, NeedsHuman, None), (404, NeedsHuman, None), (429, SendError, False), (502, SendError, False),
     (422, SendError, True)],
)  # fmt: skip
def test_an_answer_that_is_not_metas_is_judged_by_its_status(status: int, kind: type, permanent: bool | None) -> None:
    error = trouble(said(status), {})
    assert isinstance(error, kind)
    assert getattr(error, "permanent", None) is permanent


def test_an_error_without_a_code_is_no_dead_token() -> None:
    error = trouble(said(message="Odd"), {})
    assert isinstance(error, SendError)
    assert error.permanent


def test_only_a_servers_unclear_word_leaves_a_doubt() -> None:
    assert [said(502).doubtful, said(500, code=1).doubtful] == [True, True]
    assert [said(400).doubtful, said(500, code=131000).doubtful, said(400, code=1).doubtful] == [False] * 3


def test_numbers_of_people_are_not_repeated() -> None:
    assert said(code=100, message="To 50680000001 is bad").why == "To … is bad"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error": "x"}', b'{"error": {"code": [], "message": {}}}', b"\xff"])
def test_no_body_makes_it_raise(body: bytes) -> None:
    assert str(trouble(read_fault(Answer(status=400, headers={}, body=body)), {}))


@pytest.mark.parametrize("code", sorted(COMMON))
def test_every_rule_can_be_said(code: int) -> None:
    error = trouble(said(code=code, message="why"), {})
    assert "%(" not in str(error)
    assert not isinstance(error, NeedsHuman) or error.what_to_do
