"""A siting plan in words, for every paper that tells of one.

- ``table``: the table of projects, 近期建设项目表
- ``choices``: what else could be chosen
- ``told``: all that the files of a plan say
"""
