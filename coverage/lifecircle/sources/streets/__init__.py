"""Street lines of every kind of file."""
