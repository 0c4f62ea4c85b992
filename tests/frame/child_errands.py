"""What the tests let the kept child do."""

import os
import sqlite3
import sys
import time
from typing import Any

from app.frame.child_main import Report
from app.frame.i18n import PLACE
from app.frame.refused import Refused


def add(args: dict[str, Any], report: Report) -> dict[str, Any]:
    return {"sum": args["a"] + args["b"], "pid": os.getpid(), "language": PLACE.get().language}


def count(args: dict[str, Any], report: Report) -> dict[str, Any]:
    for i in range(args["to"]):
        report({"at": i})
    return {"counted": args["to"]}


def chatter(args: dict[str, Any], report: Report) -> dict[str, Any]:
    print("hello on stdout", flush=True)
    os.write(1, b"raw bytes on stdout\n")
    print("hello on stderr", file=sys.stderr, flush=True)
    return {"quiet": False}


def refuse(args: dict[str, Any], report: Report) -> dict[str, Any]:
    raise Refused("Ese archivo no sirve.", field="file")


def stumble(args: dict[str, Any], report: Report) -> dict[str, Any]:
    return {"never": 1 / args["zero"]}


def unpackable(args: dict[str, Any], report: Report) -> dict[str, Any]:
    return {"what": object()}


def leave(args: dict[str, Any], report: Report) -> dict[str, Any]:
    sys.exit(3)


def die(args: dict[str, Any], report: Report) -> dict[str, Any]:
    os.kill(os.getpid(), 9)
    return {}


def wait_politely(args: dict[str, Any], report: Report) -> dict[str, Any]:
    report({"pid": os.getpid()})
    while not report.cancelled():
        time.sleep(0.01)
    if args.get("check"):
        report.check()
    return {"ended": "early"}


def deaf(args: dict[str, Any], report: Report) -> dict[str, Any]:
    report({"pid": os.getpid()})
    time.sleep(600)
    return {}


def busy(args: dict[str, Any], report: Report) -> dict[str, Any]:
    report({"pid": os.getpid()})
    while True:
        sum(range(1000))


def write(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Two chunks into SQLite, each inside the gate; no busy wait is allowed."""
    db = sqlite3.connect(args["path"], timeout=0, isolation_level=None)
    for chunk in range(args["chunks"]):
        with report.gate():
            report({"has": chunk})
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO wrote(who) VALUES ('child')")
            time.sleep(args.get("hold_s", 0.02))
            db.execute("COMMIT")
    return {"chunks": args["chunks"]}


def fail_inside_gate(args: dict[str, Any], report: Report) -> dict[str, Any]:
    with report.gate():
        raise ValueError("inside")


def hold_forever(args: dict[str, Any], report: Report) -> dict[str, Any]:
    with report.gate():
        report({"pid": os.getpid()})
        time.sleep(600)
    return {}


def fall_silent(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Close the pipe and stay."""
    report({"pid": os.getpid()})
    os.closerange(3, 64)
    time.sleep(600)
    return {}


def devour(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Ask for more memory than the machine has."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"size": len(bytearray(2 * whole))}
