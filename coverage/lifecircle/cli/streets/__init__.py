"""``lifecircle streets``: street data put into the form that needs no parsing.

- ``build``: the command
"""
