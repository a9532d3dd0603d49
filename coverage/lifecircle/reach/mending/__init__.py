"""Mending: gaps to join and gates to find, as the study asks.

- ``gaps``: where two streets should join and do not
- ``repair``: streets with their gaps joined
- ``gates``: where people leave a walled area; ``somewhere``: by a gate of unknown place
"""
