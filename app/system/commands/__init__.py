"""`centralita backup | restore | doctor | move-database | demo`."""

import click

from app.system.commands.demo import demo
from app.system.commands.doctor import doctor
from app.system.commands.move import move_database
from app.system.commands.safety import backup, before_open, restore

__all__ = ["COMMANDS", "before_open"]

COMMANDS: tuple[click.Command, ...] = (backup, restore, doctor, move_database, demo)
