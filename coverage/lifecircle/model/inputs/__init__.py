"""What a county hands in, and what is said of it.

- ``layers``, ``streets``: the frozen tables and lines of a study
- ``walkable``, ``street_words``: who passes a way or a gate, by closed lists of words
- ``datums``: words for the datum of a row
- ``places``: the one point that stands for an area
- ``parameters``, ``exemption``: its numbers, and what it leaves out
- ``mapping``: what it says of its maps
- ``contents``: what of a file was read
- ``study``: all of it; ``edits``: what a person tries on it
- ``proposal``: one development project
- ``checkup``: what was wrong with a study, without a judgement
- ``template``: an empty study, to be filled in
"""
