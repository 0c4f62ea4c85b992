"""What runs in the kept child process, so that the pages do not feel it. Arguments: {"settings", ...}."""

import time
from pathlib import Path
from typing import Any

import msgspec

from app.frame.settings import Settings
from app.system import backups, drill, restoring

BREATH_S = 0.002  # between steps of a copy the disk belongs to the pages


def settings_out(settings: Settings) -> dict[str, Any]:
    """Settings as the child can be told them."""
    return dict(msgspec.to_builtins(settings, enc_hook=str))


def _settings(args: dict[str, Any]) -> Settings:
    return msgspec.convert(args["settings"], Settings, dec_hook=lambda kind, value: kind(value))


def make_backup(args: dict[str, Any], report: Any) -> dict[str, Any]:
    """{"why"} -> the story of the backup. Stops politely between two steps."""

    def tell(_done: int, _total: int) -> None:
        report.check()
        time.sleep(BREATH_S)

    return dict(msgspec.to_builtins(backups.backup_now(_settings(args), args["why"], tell)))


def hold_drill(args: dict[str, Any], _report: Any) -> dict[str, Any]:
    """-> how the drill went."""
    return dict(msgspec.to_builtins(drill.drill_now(_settings(args))))


def check_backup(args: dict[str, Any], _report: Any) -> dict[str, Any]:
    """{"path"}; raises BadBackup."""
    restoring.check(_settings(args), Path(args["path"]))
    return {}
