"""The frozen types every part speaks, one module a word of the domain.

Nothing here reads a file of the user's or computes a result.

- ``dictionary``: columns, kinds and words; ``gazetteer``: code lists that ship
- ``traditional``: characters that are folded where headers and names are compared
- ``status``, ``reason``, ``problem``: the closed vocabularies of what is said
- ``cell``: what a cell of a table says; ``days``: one, or those that a month leaves open
- ``allowed``: what a field of a saved file may hold, where its type alone does not say it
- ``strings``: how tables hold text
- ``coordinates``: points as pairs of numbers: which lie near which, and ways between systems
- ``sites``: rows that are one place
- ``on_demand``: values that are made when they are first read
- ``inputs``: what a county hands in; ``rules``: what a document asks
- ``siting``: what is asked of siting, without a map
- ``reach``: what is left of geometry; ``tables``: all that measures read
- ``finding``: what is known of one clause for one subject, and how a number meets a threshold
- ``results``: what comes out of a run
"""
