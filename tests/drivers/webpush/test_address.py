"""Subscriptions: whoever subscribes chooses an address, so only push services are written to."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import SendError
from drivers.webpush.address import read
from drivers.webpush.settings import HOSTS
from tests.drivers.peers.webpush import Browser, enc

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
BROWSER = Browser()
KEYS = {"p256dh": enc(BROWSER.public), "auth": enc(BROWSER.secret)}


def subscription(endpoint: str = "https://fcm.googleapis.com/fcm/send/abc:1", **more: Any) -> str:
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": KEYS} | more)


def test_it_works() -> None:
    got = read(subscription("https://fcm.googleapis.com/fcm/send/abc:1?x=1"), HOSTS, AT)
    assert (got.origin, got.target) == ("https://fcm.googleapis.com", "/fcm/send/abc:1?x=1")
    assert (got.public, got.secret) == (BROWSER.public, BROWSER.secret)


@pytest.mark.parametrize(
    "host", ["fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "wns2.notify.windows.com"]
)
def test_the_great_services_are_known(host: str) -> None:
    assert read(subscription(f"https://{host}/w/1"), HOSTS, AT).origin == f"https://{host}"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x", "https://10.0.0.1/x", "https://localhost/x", "https://fcm.googleapis.com.malo.example/x",
        "https://malo.example/fcm.googleapis.com", "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x",
        "https://push.apple.com.malo.example/x", "https://xpush.apple.com/x", "https://[::1]/x",
    ],
)  # fmt: skip
def test_no_other_host_is_written_to(endpoint: str) -> None:
    with pytest.raises(SendError) as error:
        read(subscription(endpoint), HOSTS, AT)
    assert (error.value.code, error.value.permanent) == ("host", True)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "no es json", "[]", subscription(""), subscription("https://u:p@fcm.googleapis.com/x"),
        subscription("ftp://fcm.googleapis.com/x"), subscription("https://fcm.googleapis.com/a b"),
        subscription("https://fcm.googleapis.com:99999/x"), subscription("https://fcm.googleapis.com/x\r\nHost: y"),
        subscription(keys={}), subscription(keys=KEYS | {"auth": "AA"}), " " * 9000,
        subscription(keys=KEYS | {"p256dh": enc(b"\4" * 65)}), subscription(keys=KEYS | {"p256dh": "ñ"}),
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(wrong: str) -> None:
    with pytest.raises(SendError) as error:
        read(wrong, HOSTS, AT)
    assert (error.value.code, error.value.permanent) == ("address", True)


def test_one_that_ran_out_is_gone() -> None:
    for ends, gone in ((AT.timestamp() * 1000 - 1, True), (AT.timestamp() * 1000 + 1, False)):
        if not gone:
            assert read(subscription(expirationTime=ends), HOSTS, AT)
            continue
        with pytest.raises(SendError) as error:
            read(subscription(expirationTime=ends), HOSTS, AT)
        assert error.value.code == "gone"


NAMES = st.sampled_from(["endpoint", "keys", "p256dh", "auth", "expirationTime"])
ANY = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just("https://fcm.googleapis.com/x"),
    lambda inner: st.dictionaries(NAMES, inner),
)


@given(st.text() | ANY.map(json.dumps))
def test_nothing_else_ever_comes_of_it(to: str) -> None:
    with pytest.raises(SendError):
        read(to, HOSTS, AT)
