"""`make house`: print the figures beside the budget."""

import argparse

from tests.house import figures
from tests.house.documents import settings_table
from tests.house.modules import needs_of

BIGGEST = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.house", description=__doc__)
    parser.add_argument("--settings", action="store_true", help="print the settings table as the README must have it")
    if parser.parse_args().settings:
        print(settings_table())
        return
    functions, files, templates = figures.functions(), figures.files(), figures.templates()
    code = sum(f.lines for f in files if not f.place.startswith("tests"))
    tests = sum(f.lines for f in files if f.place.startswith("tests"))
    modules = needs_of(figures.ROOT / "app")
    print(f"{len(modules)} modules, {code} lines of code, {tests} lines of tests, {len(templates)} templates\n")
    _show("functions", functions, figures.FUNCTION_MEDIAN, figures.FUNCTION_MAX)
    _show("files", files, None, figures.FILE_MAX)
    _show("templates", templates, figures.TEMPLATE_MEDIAN, None)


def _show(what: str, sizes: list[figures.Size], middle: int | None, most: int | None) -> None:
    biggest = sorted(sizes, reverse=True)[:BIGGEST]
    print(f"{what}: {len(sizes)}, median {figures.middle(sizes):g} lines{_of(middle)}")
    print(f"  biggest{_of(most)}:")
    for size in biggest:
        print(f"  {size}")
    print()


def _of(limit: int | None) -> str:
    return f" (budget {limit})" if limit else ""


if __name__ == "__main__":
    main()
