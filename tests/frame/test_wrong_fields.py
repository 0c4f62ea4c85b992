"""Every wrong field of a JSON body, at once and by its name."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.contacts.api.shapes import ContactNew, ContactPatch
from app.frame.wrong_fields import wrong_fields

PLAIN = st.none() | st.booleans() | st.integers(-10, 10) | st.sampled_from(["", "a"])
PART = st.dictionaries(st.sampled_from(["channel", "value", "x"]), PLAIN, max_size=3)
VALUE = PLAIN | PART | st.lists(PLAIN | PART, max_size=2)
BODY = st.dictionaries(st.sampled_from([*ContactNew.__struct_fields__, "otro"]), VALUE, max_size=4)


def names(body, kind=ContactNew):
    return [problem["field"] for problem in wrong_fields(kind, msgspec.json.encode(body))]


def test_it_works():
    body = {"name": 5, "addresses": [{"channel": "phone"}, {"channel": 1, "value": ""}], "tags": ["a", 2], "otro": 1}
    assert set(names(body)) == {"name", "addresses[0].value", "tags[1]", "otro"}


def test_what_is_no_object_has_no_fields():
    for raw in (b"[1]", b"null", b"{", b"\xff", b"[" * 100_000):
        assert wrong_fields(ContactNew, raw) == []
    assert wrong_fields(dict, b"{}") == []


@given(BODY)
def test_something_is_said_exactly_when_the_body_is_wrong(body):
    for kind in (ContactNew, ContactPatch):
        try:
            msgspec.json.decode(msgspec.json.encode(body), type=kind)
            good = True
        except msgspec.ValidationError:
            good = False
        found = wrong_fields(kind, msgspec.json.encode(body))
        assert (found == []) is good
        assert all(problem["field"] and problem["detail"] for problem in found)
