"""What one cell means, where it takes more than a number or a word.

- ``degrees``: longitudes and latitudes as people write them; ``kinds``: the kinds named, and what
  is said beside; ``last_days``: ends of something; ``pairs``: longitude and latitude in one cell;
  ``remarked``: remarks against a row's stage; ``figure_names``: rows told by name, without a code
"""
