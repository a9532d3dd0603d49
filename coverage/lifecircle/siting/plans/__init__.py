"""What a plan of a study is made from, and how it is proven.

- ``hosting``: units to the hosts of service districts
- ``robust``: the same asked otherwise, and what could close
- ``reaching``: places for a clause on radius or walk; ``quotas``: places and sizes for quotas
- ``shortage``: what is short of m², and who could give; ``sharing_out``: who gets them
- ``records``: the service relations that a quota plan rests on
- ``apart``: what tells another choice from the plan
- ``question``: what is asked of which study; ``telling``: places as they are told;
  ``origin``: what a plan says of its study
- ``ground``: what streets, water and borders make of the candidates
- ``candidates``: where a study could build; ``generating``: places that nobody listed
"""
