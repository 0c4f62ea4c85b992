"""A page with its Instagram account as tests set it up."""

from typing import Any

from drivers.contract import Outbound
from drivers.messenger.driver import DRIVER
from drivers.messenger.settings import MessengerSettings
from tests.drivers.meta.signing import SECRET, VERIFY
from tests.drivers.peers.graph import TOKEN
from tests.drivers.peers.send_api import INSTAGRAM, PAGE, ROSA


def line(url: str = "https://graph.example", **more: Any) -> DRIVER:
    given = {"page_id": PAGE, "instagram_id": INSTAGRAM, "token": TOKEN, "app_secret": SECRET}
    quick = {"verify_token": VERIFY, "base_url": url, "patience_s": 2.0}
    return DRIVER(MessengerSettings(**(given | quick | more)))


def to_rosa(text: str = "", **more: Any) -> Outbound:
    return Outbound(**({"key": "k1", "channel": "messenger", "to": ROSA, "text": text} | more))
