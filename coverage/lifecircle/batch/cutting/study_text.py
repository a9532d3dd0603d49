"""A study file written: the same content, the same bytes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["study_text"]


def study_text(content: Mapping[str, Any]) -> str:
    """Return plain values as TOML: tables of tables in brackets, the rest on one line a key."""
    return "\n".join(_table(content, ())).strip() + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {key: value for key, value in content.items() if not _is_table(value, path)}
    lines = [f"[{'.'.join(map(_key, path))}]"] if path and (plain or not content) else []
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items() if value is not None]
    for key, value in content.items():
        if key not in plain:
            lines += ["", *_table(value, (*path, key))]
    return lines


def _is_table(value: Any, path: tuple[str, ...]) -> bool:
    return isinstance(value, Mapping) and len(path) < 2  # noqa: PLR2004 - layers.units, no deeper


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "_").replace("_", "a").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
