"""The background a study may ask for behind its map: tiles from a server, off by default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

__all__ = ["BASEMAPS", "Basemap", "basemap"]

_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/DataServer?T={layer}_w&x={{x}}&y={{y}}&l={{z}}&tk={{key}}"
)
BASEMAPS = {"tianditu": ("vec", "cva"), "tianditu-image": ("img", "cia")}
"""Names a study may give instead of an address → 天地图's layers, the labels last.

Web Mercator on CGCS2000, levels 1–18, with the user's own browser key.
"""
_PLACES = ("{x}", "{y}", "{z}")


@dataclass(frozen=True, slots=True)
class Basemap:
    """Tiles in Web Mercator.

    Parameters
    ----------
    urls
        Addresses of tiles with ``{x}``, ``{y}``, ``{z}`` and perhaps ``{s}``; drawn in this order.
    subdomains
        What ``{s}`` may be.
    attribution
        Whose map it is; printed on the page.
    max_zoom
        Finest level the server has.
    """

    urls: tuple[str, ...]
    subdomains: tuple[str, ...] = ()
    attribution: str = ""
    max_zoom: int = 18

    @property
    def origins(self) -> tuple[str, ...]:
        """``https://host`` of every server the tiles come from: all that the page may ask."""
        found = {}
        for url in self.urls:
            for name in self.subdomains if "{s}" in url else ("",):
                parts = urlsplit(re.sub(r"[{}]", "", url.replace("{s}", name)))
                found[f"{parts.scheme}://{parts.netloc}"] = True
        return tuple(found)


def basemap(source: str, key: str = "", attribution: str = "") -> Basemap:
    """Return the basemap a study names.

    Parameters
    ----------
    source
        A name of ``BASEMAPS``, or the address of tiles with ``{x}``, ``{y}`` and ``{z}``.
    key
        The user's key: needed by 天地图, else put where the address has ``{key}``.

    Raises
    ------
    ValueError
        It is neither, or its key is missing; says which in English.
    """
    safe = quote(key, safe="")
    if source in BASEMAPS:
        if not key:
            raise ValueError("key")
        urls = tuple(
            _TIANDITU.format(layer=layer).replace("{key}", safe) for layer in BASEMAPS[source]
        )
        return Basemap(urls, tuple("01234567"), attribution or "天地图")
    parts = urlsplit(source)
    try:
        _ = parts.port
    except ValueError as error:  # no number, or above 65535
        raise ValueError("address") from error
    # nothing that could leave the policy it is written into
    plain = re.fullmatch(r"[\w.:-]+", re.sub(r"[{}]", "", parts.netloc), re.ASCII)
    if parts.scheme not in {"http", "https"} or not plain or any(p not in source for p in _PLACES):
        raise ValueError("address")
    if "{key}" in source and not key:
        raise ValueError("key")
    subdomains = tuple("abc") if "{s}" in source else ()
    return Basemap((source.replace("{key}", safe),), subdomains, attribution)
