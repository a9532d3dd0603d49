"""The page itself: folium's map with every asset inside, and nothing that leads outside.

What folium writes is the same for every map, so it ships as the asset ``frame.html``; importing
folium takes longer than to fill it. ``python -m lifecircle.outputs.maps.page`` (``make frame``)
writes it anew, and a test says whether it is current.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FUTURE", "folium_frame", "frame", "refuse_external", "render", "vendored"]

SCRIPTS = (
    "pack.js",
    "style.js",
    "compact.js",
    "labels.js",
    "popup.js",
    "panels.js",
    "search.js",
    "variants.js",
    "layers.js",
    "paper.js",
    "map.js",
)
"""Our code in the order it is read; the last starts the page."""
FUTURE = "planned.js"
"""Read after them where the places of a plan are taken as built."""
_FRAME, _SCRIPTS_HERE = "frame.html", "scripts-stand-here"
_OVERLAY = """
        {% macro html(this, kwargs) %}
        <ul id="lc-banners" role="note"></ul>
        <main id="lc-summary" class="lc-card"></main>
        <nav id="lc-layers" class="lc-card"></nav>
        <aside id="lc-aside" class="lc-card" role="dialog" hidden></aside>
        <aside id="lc-variants" class="lc-card" role="dialog" hidden></aside>
        <p id="lc-told" class="lc-unseen" role="status"></p>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        lifecircle.start({{ this._parent.get_name() }});
        {% endmacro %}
        """
"""Our cards. Only fixed text passes through a template: branca compiles what a macro yields as a
template once more, so a name such as ``{{ 7 * 7 }}`` must not come by this way."""
_LEAFLET_LINK = 'href="https://leafletjs.com" '


@cache
def vendored(name: str) -> str:
    """Return the text of one of the package's assets, images inlined as ``data:`` URIs.

    Raises
    ------
    OutputError
        There is no such asset: the page would have to fetch it.
    """
    folder = files("lifecircle.outputs.maps") / "assets"
    try:
        code = (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OutputError(f"not among the vendored assets: {name!r}") from error
    if name == "leaflet.js":
        code = code.replace("//# sourceMappingURL=leaflet.js.map", "")
        # the default attribution prefix, which the page switches off, holds a link
        code = code.replace(_LEAFLET_LINK, "")
    if name.endswith(".css"):
        code = re.sub(
            r"url\(images/([\w-]+\.png)\)",
            lambda found: (
                "url(data:image/png;base64,"
                + base64.b64encode((folder / found[1]).read_bytes()).decode("ascii")
                + ")"
            ),
            code,
        )
    return code


def render(
    data: str,
    *,
    heading: str,
    language: str,
    plain: Iterable[str] = (),
    origins: tuple[str, ...] = (),
    scripts: tuple[str, ...] = SCRIPTS,
) -> str:
    """Return the whole page as one text.

    Parameters
    ----------
    data
        What the page draws, as ``maps.pack`` writes it: no ``<``, ``>`` or ``&``.
    heading
        Text of the title bar.
    language
        Value of the ``lang`` attribute, e.g. ``zh-CN``.
    plain
        Lines for a reader whose program runs no scripts, such as a preview.
    origins
        Servers that the page may ask for images, e.g. ``https://tiles.example``.
    scripts
        Assets in the order they are read; the last has ``lifecircle.start``.

    Raises
    ------
    OutputError
        Something in the page would be fetched from outside.
    """
    page = frame(scripts).replace("<html>", f'<html lang="{html.escape(language)}">', 1)
    for name in re.findall(r'<script src="([^"]*)"></script>', page):
        code = vendored(name).replace("</script", "<\\/script")
        page = page.replace(f'<script src="{name}"></script>', f"<script>{code}</script>", 1)
    for name in re.findall(r'<link rel="stylesheet" href="([^"]*)"/>', page):
        code = vendored(name)
        page = page.replace(f'<link rel="stylesheet" href="{name}"/>', f"<style>{code}</style>", 1)
    head = f"{_policy(page, origins)}\n<title>{html.escape(heading)}</title>\n"
    page = page.replace("<head>", f"<head>\n{head}", 1)
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in (heading, *plain))
    page = page.replace("<body>", f"<body>\n<noscript>{lines}</noscript>", 1)
    block = f'<script type="text/plain" id="lc-data">{data}</script>\n'
    page = page.replace("</body>", f"{block}</body>", 1)
    refuse_external(page)
    return page


def frame(scripts: tuple[str, ...]) -> str:
    """Return the page as folium writes it, with links to our scripts."""
    return re.sub(
        f".*{_SCRIPTS_HERE}.*",
        lambda link: "\n".join(link[0].replace(_SCRIPTS_HERE, name) for name in scripts),
        vendored(_FRAME),
    )


def folium_frame(scripts: tuple[str, ...] = (_SCRIPTS_HERE,)) -> str:
    """Return folium's map with Leaflet alone, under a name that does not change, and our cards."""
    import folium  # noqa: PLC0415 - only where the asset is written or held to it
    from folium.elements import JSCSSMixin  # noqa: PLC0415
    from folium.template import Template  # noqa: PLC0415

    fmap: Any = folium.Map(
        location=(35, 105),
        zoom_start=4,
        tiles=None,
        prefer_canvas=True,
        min_zoom=3,
        max_zoom=19,
        zoom_snap=0.25,
        keyboard_pan_delta=120,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=120,
    )
    fmap._id = "lifecircle"  # noqa: SLF001 - no other way to a name that stays
    fmap.default_js = [("leaflet", "leaflet.js")]
    fmap.default_css = [("leaflet_css", "leaflet.css")]
    cards: Any = JSCSSMixin()  # type: ignore[no-untyped-call]
    cards._template, cards._name, cards._id = Template(_OVERLAY), "Overlay", "lifecircle"  # noqa: SLF001
    cards.default_js = [(name, name) for name in scripts]
    cards.default_css = [("map.css", "map.css")]
    cards.add_to(fmap)
    return str(fmap.get_root().render())


def refuse_external(page: str) -> None:
    """Raise unless everything the page loads is inside it; addresses in plain text are left alone.

    Raises
    ------
    OutputError
        A ``src``, ``href`` or the like, an ``@import`` or a ``url()`` leads to the network.
    """
    finder = _References()
    finder.feed(page)
    finder.close()
    if finder.external:
        raise OutputError(f"the map would load from outside: {', '.join(finder.external)}")


class _References(HTMLParser):
    """Collects what a browser would fetch, and the code of every script."""

    _LOADS = frozenset({"src", "href", "srcset", "data", "poster", "action", "formaction"})
    _OUTSIDE = re.compile(r"^\s*(https?:|//)", re.IGNORECASE)
    _IN_STYLE = re.compile(
        r"@import\s+(?!url\(\s*['\"]?data:)[^;]+|url\(\s*['\"]?\s*(?:https?:|//)[^)]*",
        re.IGNORECASE,
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.external: list[str] = []
        self.scripts: list[str] = []
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name in self._LOADS and self._OUTSIDE.match(value or ""):
                self.external.append(f"{tag} {name}={value}")
            if name == "style":
                self.external += self._IN_STYLE.findall(value or "")
        if tag == "script" and dict(attrs).get("type") is None:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.external += self._IN_STYLE.findall(data)
        elif self._inside == "script" and self.scripts:
            self.scripts[-1] += data


def _policy(page: str, origins: tuple[str, ...]) -> str:
    """Return a policy that lets the browser run these scripts and no other, and fetch nothing."""
    finder = _References()
    finder.feed(page)
    finder.close()
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode('ascii')}'"
        for code in finder.scripts
    )
    return (
        '<meta http-equiv="Content-Security-Policy" content="'
        f"default-src 'none'; img-src {' '.join(('data:', *origins))}; style-src 'unsafe-inline'; "
        f"script-src {hashes}; base-uri 'none'; form-action 'none'\">"
    )


if __name__ == "__main__":
    (Path(__file__).parent / "assets" / _FRAME).write_text(
        folium_frame(), encoding="utf-8", newline="\n"
    )
