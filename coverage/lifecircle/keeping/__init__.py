"""Arrays kept between runs: made once, mapped into memory after that.

- ``arrays``: the file of arrays, checked before anything in it is used
- ``folder``: where a user's are kept, under which key, and how much of them
"""
