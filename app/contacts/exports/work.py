"""What runs in the child process: rows out of the database into a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.contacts.exports.contents import Names, Row, blocks, heads
from app.contacts.exports.question import Question, answers
from app.contacts.exports.table import Blocks
from app.frame.child_main import Report


class Task(msgspec.Struct):
    """What the parent hands over. The file appears under `path` only once it is whole."""

    question: Question
    path: str
    format: str
    keys: list[str]
    names: Names
    timezone: str


def run(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Write the file; returns how many rows it has and its size in bytes."""
    task = msgspec.convert(args, Task)
    made = Blocks(blocks(_told(answers(task.question), report), task.question.fields, task.keys, task.names))
    part = _part(task.path)
    from app.contacts.exports.writers import write  # heavy: only in the child

    count = write(part, task.format, heads(task.keys, task.names), made, zone=ZoneInfo(task.timezone))
    return _whole(part, task.path, count)


def _told(found: Iterator[list[Row]], report: Report) -> Iterator[list[Row]]:
    count = 0
    for block in found:
        report.check()
        yield block
        count += len(block)
        report({"done": count})


def _part(path: str) -> Path:
    return Path(path).with_name(f".{Path(path).name}.part")


def _whole(part: Path, path: str, count: int) -> dict[str, Any]:
    part.chmod(0o600)
    part.replace(path)
    return {"rows": count, "bytes": Path(path).stat().st_size}
