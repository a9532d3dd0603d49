"""``python -m lifecircle``, and the console script."""

from __future__ import annotations

from lifecircle.stopping import begin, deafen

__all__ = ["main"]


def main() -> None:
    """Run the command line in a process of its own."""
    begin()  # before all that takes long to load
    try:
        from lifecircle.cli import main as run  # noqa: PLC0415 - see above

        run()
    finally:
        deafen()


if __name__ == "__main__":
    main()
