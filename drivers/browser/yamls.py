"""YAML as plain texts, lists and mappings: no types, no objects, no aliases, no key said twice.

All scalars stay text, so that `option: No` means the word; the field's own type decides what becomes of it.
"""

from typing import Any

import yaml

TEXT_MAX = 200_000


class NotReadable(ValueError):
    """`line` counts from one."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Plain(yaml.BaseLoader):
    """yaml.safe_load's parser, narrowed."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise NotReadable(self.peek_event().start_mark.line + 1)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise NotReadable(key.start_mark.line + 1)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load(text: str) -> Any:
    """Texts, lists and mappings. Raises NotReadable."""
    if len(text) > TEXT_MAX:
        raise NotReadable(1)
    try:
        return yaml.load(text, Loader=_Plain)
    except yaml.MarkedYAMLError as error:
        raise NotReadable(error.problem_mark.line + 1 if error.problem_mark else 1) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise NotReadable(1) from error
