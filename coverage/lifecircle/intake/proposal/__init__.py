"""A development proposal, normalised in a study's terms.

- ``log``: what is wrong with it, gathered: stricter than of a study
- ``facts``: the project's figures, dates and datum
- ``plots``: its plots, as new residential areas
- ``positions``: whether plots and facilities lie where they can
- ``figures``: floor areas that contradict each other, floors to look at
- ``possible``: figures that no project can have
- ``frames``: columns and ids that a study's layers may have
- ``rooms``: the planned facilities, and whom they serve
- ``repeated``: planned rooms that may be there twice
- ``sites``: whether rooms of one 场所编号 are one place, and whether one of the study
- ``proposal`` puts them together
"""
