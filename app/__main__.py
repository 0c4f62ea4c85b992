"""The `centralita` command."""

import sys

import click

from app import __version__
from app.frame import lean

lean.load()  # first: what follows would load these libraries with all their parts

from app.frame import host  # noqa: E402
from app.frame.commands import COMMANDS  # noqa: E402
from app.frame.settings import BadSetting  # noqa: E402
from app.modules import BUILTIN  # noqa: E402


@click.group(help="Centralita: la trastienda de una oficina pequeña.")
@click.version_option(__version__, prog_name="centralita")
def cli() -> None:
    """Commands of the house and of its modules."""


def build() -> click.Group:
    """The group with every command: the frame's own, then each module's."""
    modules, _skipped = host.load(BUILTIN)
    for command in (*COMMANDS, *(c for m in modules.values() for c in m.commands)):
        cli.add_command(command)
    return cli


def main() -> None:
    try:
        build()()
    except (BadSetting, host.BadHouse) as error:
        click.echo(f"centralita: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
