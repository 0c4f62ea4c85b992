"""What the engine adds to an install: the files of its packages and of those that they ask for."""

from importlib import metadata
from pathlib import Path

PACKAGES = ("highspy", "holidays", "python-dateutil", "six")


def added_mb() -> float:
    """Compiled files too: pip writes them."""
    return sum(_bytes(metadata.distribution(name)) for name in PACKAGES) / 1e6


def _bytes(package: metadata.Distribution) -> int:
    paths = [Path(str(package.locate_file(file))) for file in package.files or ()]
    return sum(path.stat().st_size for path in paths if path.exists())
