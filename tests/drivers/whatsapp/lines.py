"""A WhatsApp line as tests set it up."""

from typing import Any

from drivers.contract import Outbound
from drivers.whatsapp.driver import DRIVER
from drivers.whatsapp.settings import WhatsAppSettings
from tests.drivers.meta.signing import SECRET, VERIFY
from tests.drivers.peers.cloud_api import ACCOUNT, NUMBER, TOKEN

ROSA = "+50680000001"


def line(url: str = "https://graph.example", **more: Any) -> DRIVER:
    given = {"phone_number_id": NUMBER, "account_id": ACCOUNT, "token": TOKEN, "app_secret": SECRET}
    quick = {"verify_token": VERIFY, "base_url": url, "patience_s": 2.0}
    return DRIVER(WhatsAppSettings(**(given | quick | more)))


def to_rosa(text: str = "", **more: Any) -> Outbound:
    return Outbound(**({"key": "k1", "channel": "whatsapp", "to": ROSA, "text": text} | more))
