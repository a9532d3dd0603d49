"""Take the pictures of the published maps: a desk's window and a phone's.

    python maps/pictures.py            # every folder beside this file that has a map.html

Needs playwright and an installed Chromium; the network stays closed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = {"map.png": (1366, 768), "phone.png": (390, 844)}


def main() -> int:
    """Write ``map.png`` and ``phone.png`` beside every ``map.html``."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("no Chromium on the path: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for page in sorted(Path(__file__).parent.glob("*/map.html")):
            for name, (width, height) in PICTURES.items():
                tab = browser.new_page(viewport={"width": width, "height": height})
                tab.context.set_offline(offline=True)
                tab.goto(page.resolve().as_uri())
                tab.wait_for_selector("html[data-ready=yes]")
                tab.wait_for_timeout(500)  # the last frame is drawn
                tab.screenshot(path=page.with_name(name))
                tab.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
