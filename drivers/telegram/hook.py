"""Webhooks of the Bot API: the header says the secret that was given to setWebhook; the body is one update.

What a pressed button waits for goes out as the answer itself (core.telegram.org/bots/api#making-requests-when-getting-
updates), so that nothing needs the network here.
"""

import hashlib
import hmac
import re

import msgspec

from drivers.contract import HookReply, HookRequest
from drivers.loose import decode
from drivers.telegram.reading import Read, update
from drivers.telegram.settings import TelegramSettings

HEADER = "x-telegram-bot-api-secret-token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def secret(settings: TelegramSettings) -> str:
    """The one of the settings, else one that only who has the token can make; the token cannot be told from it."""
    made = hmac.new(settings.token.strip().encode(), b"telegram webhook secret", hashlib.sha256).hexdigest()
    return settings.secret or made


def genuine(expected: str, request: HookRequest) -> bool:
    given = request.headers.get(HEADER, "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def reply(settings: TelegramSettings, expected: str, request: HookRequest) -> tuple[HookReply, Read]:
    """The answer, and what was read. What is not from Telegram is refused before it is read."""
    if not genuine(expected, request):
        return HookReply(status=403, body="bad secret"), Read()
    if request.method != "POST":
        return HookReply(status=405), Read()
    given = decode(request.body)
    if not isinstance(given, dict):
        return HookReply(status=400, body="not readable"), Read()
    read = update(given, settings.groups == "take")
    return HookReply(inbounds=read.inbounds, body=_at_once(read), media_type="application/json"), read


def _at_once(read: Read) -> str:
    if not read.callback:
        return ""
    return msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": read.callback}).decode()
