"""Tables of every kind: ledgers, layers, databases; raw, with their provenance."""
