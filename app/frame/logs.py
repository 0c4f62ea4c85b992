"""Structured logs, one JSON line each. Never a secret, never a message body: fields are named one by one, and what a
library's error may quote of a row (PostgreSQL names the key that is taken) is masked."""

import logging
import re
import sys
import time
from functools import lru_cache

import msgspec

KEPT = ("request_id", "method", "path", "status", "ms", "user", "device", "kept", "job", "state", "why")
NUMBER = re.compile(r"\+?\d{5,}(\d\d)\b")
MAIL = re.compile(r"[^\s@'\"(=<]+@[\w.-]+")


def masked(text: str) -> str:
    """Without whole telephone numbers and mailboxes."""
    return MAIL.sub("…@…", NUMBER.sub(r"…\1", text))


class Lines(logging.Formatter):
    """A record as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _second(int(record.created)),
            "level": record.levelname,
            "log": record.name,
            "said": masked(record.getMessage()),
        }
        line |= {name: getattr(record, name) for name in KEPT if getattr(record, name, None) is not None}
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        return msgspec.json.encode(line, enc_hook=str).decode()


@lru_cache(maxsize=8)
def _second(at: int) -> str:
    """A moment as local time; many lines share one."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(at))


def configure(level: str) -> None:
    """Send our log to stderr once."""
    root = logging.getLogger("centralita")
    root.setLevel(level.upper())
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines())
        root.addHandler(handler)
        root.propagate = False
    logging.getLogger("litestar_queues").setLevel(logging.WARNING)
