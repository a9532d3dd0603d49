"""Assessing: a study judged by its documents, drawn up as an Assessment.

- ``desk``: a study judged again after every edit
- ``assess``: the whole of it; ``exemptions``, ``hosts``, ``accounts``: what is told beside
- ``scenarios``: what a scenario reaches; ``planned``: what a siting plan would change
- ``approximations``: what hangs on a round figure; ``doubted``: on positions in another datum
- ``drawing``: the parts that are made when they are asked for
- ``brief``: what one page says
- ``layers``: the layers among them; ``remedies``: what helps; ``sensitivity``: other thresholds
- ``switches``: what other readings would change
- ``explanation``: one area, step by step
"""
