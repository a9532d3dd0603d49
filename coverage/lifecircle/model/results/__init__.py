"""What comes out of a run.

- ``result_columns``: columns of the tables in it
- ``settlement``: how well spare m² were shared out
- ``assessment``: every result of one run; ``counted``: what is counted of it for people
- ``service_district``: a line a service district of a document
- ``curves``: rates and curves at other thresholds and speeds
- ``unbuilt``: a clause without the places of a siting plan
- ``review``, ``score``: a proposal judged, the form filled in
- ``siting``: sites chosen, units given to hosts; ``siting_plan``: a plan of a study, judged before
  and after; ``plan_layers``: its places as layers
- ``comparison``: two runs side by side
- ``county_run``: what became of one county of many; ``province``: many side by side
"""
