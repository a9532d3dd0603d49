"""A case: one study with its reach, its stage view and its day, ready as tables.

- ``ground``: gates found and gaps joined; ``case``: a study ready to be asked
- ``columns``: what judging derives before it measures; ``border``: what lies over the county line
- ``named_hosts``: which row is the house that a document rests a district on
- ``journeys``: to the hosts of service districts; ``adjoining``: which units touch
- ``tables``: all that is judged; ``gathered``: with what they were made from
- ``built``: a plan's places as rows of the study; ``edited``: a person's edits of it
- ``again``: what a change leaves as it is, and what it may touch
- ``rows``: rows of a layer changed, added, taken away
- ``bench``: a case under rules, judged as far as asked, and judged again after a change
- ``banners``: what stands over every output
"""
