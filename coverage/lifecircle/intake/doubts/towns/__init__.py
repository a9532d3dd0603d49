"""Towns that sent in their rows by themselves, perhaps in another datum than the others.

- ``company``: how the facilities of a town stand beside its homes
- ``evidence``: what says where the rows of a town belong
- ``asked``: did a town send in all of its rows in another datum?
- ``held``: of which towns the rows show that they did not
"""
