"""What stands around a part of a remark and takes it back: 曾被占用，现已收回, 无挪用、闲置."""

from __future__ import annotations

import re

__all__ = ["is_unsaid"]

_RETURNED = re.compile(
    r"(问题)?(均|都|现|已经?|目前)*(全部|完成)?(整改|清退|腾退|腾空|腾出|清理|清走|收回|追回|纠正|归还|退还|交还)"
    r"(到位|完成|完毕|结束|了)?"
)
"""What says, behind that, that they are given back: 曾被占用，现已收回."""
_DENIED = re.compile(
    r"(均|都|经检查|现场)*(无|没有|不存在|未发现|未见|不得|严禁|禁止)(被|有)?[占挪闲空停改出转]"
)
_OTHERS_HAD = re.compile("占|挪|改[作为成变]|租|借|堆")


def is_unsaid(text: str, parts: list[str], n: int) -> bool:
    """Return whether what stands around a part takes it back."""
    return _denied(text, parts, n) or _given_back(parts, n)


def _denied(text: str, parts: list[str], n: int) -> bool:
    """Return whether a part goes on with what the one before it denies: 无挪用、闲置."""
    runs = (m for m in range(n) if _DENIED.match(parts[m]))
    return any("、".join(parts[m : n + 1]) in text for m in runs)


def _given_back(parts: list[str], n: int) -> bool:
    """Return whether rooms that a part turns over are given back behind it, or were before it."""
    if _RETURNED.fullmatch(parts[n]):
        return n > 0 and _OTHERS_HAD.search(parts[n - 1]) is not None
    behind = any(map(_RETURNED.fullmatch, parts[n + 1 :]))
    return behind and _OTHERS_HAD.search(parts[n]) is not None
