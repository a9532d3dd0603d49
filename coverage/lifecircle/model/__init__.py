"""The frozen types every part speaks, one module a word of the domain.

Reading order: ``dictionary`` (columns and kinds), ``status``, ``reason``, ``problem``,
``parameters``, ``layers``, ``streets``, ``study``, ``clause``, ``reach``, ``finding``,
``assessment``. Nothing here reads a file of the user's or computes a result.
"""
