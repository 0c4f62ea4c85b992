"""The command line that every driver has: `python -m drivers.<kind> probe|listen|send|do|describe`.

Settings come from --settings FILE (JSON), then CENTRALITA_<KIND>_<NAME> in the environment, then options. Secrets have
no option: what is typed on a command line can be read by everyone on the machine.
Exit codes: 0 done, 1 refused, 2 wrong use, 3 a person must act, 4 not ready now, 5 doubtful.
"""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from drivers import commands
from drivers.contract import Driver, Field, NeedsHuman, NotReady, SendError, Settings, fields

AnyDriver = type[Driver[Any]]


def main(driver: AnyDriver, argv: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    parser = make_parser(driver)
    given = parser.parse_args(argv)
    logging.basicConfig(level=logging.DEBUG if given.verbose else logging.WARNING, stream=sys.stderr)
    try:
        line = driver(read_settings(driver, given, os.environ))
    except (msgspec.ValidationError, msgspec.DecodeError, OSError) as error:
        parser.error(str(error))
    try:
        sys.exit(asyncio.run(run(line, given)))
    except KeyboardInterrupt:
        sys.exit(130)


async def run(line: Driver[Any], given: argparse.Namespace) -> int:
    """The command's exit code; a failure is a sentence and what to do, not a trace."""
    try:
        return await given.command(line, given)
    except NeedsHuman as error:
        sys.stderr.write(f"{error}\n{error.what_to_do}\n")
        return 3
    except NotReady as error:
        sys.stderr.write(f"{error}\n")
        return 4
    except SendError as error:
        sys.stderr.write(f"{error} [{error.code}{', permanent' if error.permanent else ''}]\n")
        return 1


def make_parser(driver: AnyDriver) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m drivers.{driver.kind}", description=driver.title, epilog=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=Path, help="JSON file with settings", metavar="FILE")
    parser.add_argument("--verbose", action="store_true", help="log to stderr")
    for each in fields(driver.Settings):
        _option(parser, driver, each)
    _commands(parser.add_subparsers(required=True, metavar="COMMAND"), driver)
    return parser


def _option(parser: argparse.ArgumentParser, driver: AnyDriver, each: Field) -> None:
    said = f"{each.label}. {each.help}".replace("%", "%%")
    flag = "--" + each.name.replace("_", "-")
    if each.secret:
        parser.epilog = f"{parser.epilog}\n{env_name(driver, each)}: {said}"
    elif each.kind == "flag":
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, dest="set_" + each.name, help=said)
    else:
        parser.add_argument(flag, dest="set_" + each.name, help=said, choices=list(each.choices) or None,
                            metavar=None if each.choices else each.kind.upper())


def env_name(driver: AnyDriver, each: Field) -> str:
    return f"CENTRALITA_{driver.kind}_{each.name}".upper().replace("-", "_")


def read_settings(driver: AnyDriver, given: argparse.Namespace, environ: Any) -> Settings:
    """Raises msgspec.ValidationError with the name of the setting."""
    values: dict[str, Any] = msgspec.json.decode(given.settings.read_bytes(), type=dict) if given.settings else {}
    for each in fields(driver.Settings):
        if (said := environ.get(env_name(driver, each))) is not None:
            values[each.name] = said
        if (said := getattr(given, "set_" + each.name, None)) is not None:
            values[each.name] = said
    return msgspec.convert(values, driver.Settings, strict=False)


def _commands(add: Any, driver: AnyDriver) -> None:
    probe = add.add_parser("probe", help="test the connection and say what is wrong")
    probe.set_defaults(command=commands.probe)
    describe = add.add_parser("describe", help="diagnostics, without secrets")
    describe.set_defaults(command=commands.describe)
    listen = add.add_parser("listen", help="print what arrives, one JSON line each, until Ctrl-C")
    listen.add_argument("--for", dest="seconds", type=float, help="stop after so many seconds")
    if driver.hooked:
        listen.add_argument("--hook-port", type=int, help="also take webhooks on 127.0.0.1:PORT")
    listen.set_defaults(command=commands.listen, hook_port=None)
    _send_command(add, driver)
    _do_command(add, driver)


def _send_command(add: Any, driver: AnyDriver) -> None:
    send = add.add_parser("send", help="send one message and print the receipt")
    send.add_argument("to", help="number, address or chat")
    send.add_argument("text", nargs="?", default="")
    send.add_argument("--channel", choices=sorted(driver.carries), default=next(iter(sorted(driver.carries)), ""))
    send.add_argument("--subject", default="")
    send.add_argument("--attach", type=Path, action="append", default=[], metavar="FILE")
    send.add_argument("--reply-to", default="", help="external id of what this answers")
    send.add_argument("--key", default="", help="our own id: sent once, where the line knows keys")
    send.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")
    send.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="then print the news that follow")
    send.set_defaults(command=commands.send)


def _do_command(add: Any, driver: AnyDriver) -> None:
    if not driver.does:
        return
    lines = [f"{name}: {' '.join(f.name for f in fields(kind))}" for name, kind in driver.does.items()]
    do = add.add_parser("do", help="another action", epilog="\n".join(lines),
                        formatter_class=argparse.RawDescriptionHelpFormatter)
    do.add_argument("action", choices=sorted(driver.does))
    do.add_argument("values", nargs="*", metavar="NAME=VALUE")
    do.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="then print the news that follow")
    do.set_defaults(command=commands.do)
