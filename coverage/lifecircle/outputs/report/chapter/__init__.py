"""``report.docx``: the assessment as a chapter of a layout plan, part by part.

- ``document`` puts the parts on paper
- ``basis``: scope and basis, what there is, method and clauses
- ``results``: results by clause and by town, and what is wrong; ``districts``: service districts
- ``advice``: what to build
- ``annexes``: annexed tables and maps
"""
