"""Bytes to text, whatever they claim to be. Never raises; what comes out can be stored anywhere."""

import re

# what browsers do too: the small set named, the superset meant
MEANT = {
    "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7", "cp-850": "cp850",
}  # fmt: skip
NOT_TEXT = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "mbcs", "oem"}
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode(content: bytes, declared: str | None = None) -> str:
    """As declared when that is possible; else UTF-8; else as Windows writes in the west."""
    name = (declared or "").strip().strip("\"'").lower()
    for charset in (MEANT.get(name, name), "utf-8"):
        if (text := _strict(content, charset)) is not None:
            return storable(text)
    return storable(content.decode("cp1252", "replace"))


def _strict(content: bytes, charset: str) -> str | None:
    if not charset or charset in NOT_TEXT:
        return None
    if charset == "cp1252" and (text := _strict(content, "utf-8")) is not None and not content.isascii():
        return text  # declared Latin or nothing, but bytes that are UTF-8 by no accident
    try:
        return content.decode(charset)
    except (ValueError, LookupError):  # rot13, zip, hex... are refused as no text before they run
        return None


def storable(text: str) -> str:
    """Without NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    return UNSTORABLE.sub("\ufffd", text)


def plain_line(text: str) -> str:
    """One line without control characters, for subjects and names."""
    return " ".join(CONTROL.sub(" ", storable(text)).split())
