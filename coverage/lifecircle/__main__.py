"""``python -m lifecircle``."""

from lifecircle.cli import program

if __name__ == "__main__":
    program()
