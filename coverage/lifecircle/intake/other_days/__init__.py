"""Days beside the columns that are read, against the day of judging: 启用时间, 交房时间, 停用日期.

A header that names an opening or a closing is heard though nothing else is read from it. What opens
after the day of judging is not there on that day; what closed before it contradicts a row that is
in use. A day that is still to come closes nothing. A unit that was merged counts all the same, and
is told: the county's list has it. Of the columns that are read those cells are
heard that give a day only in loose words (预计2030年).

One rule for all that opens, in whatever column: a word in place of the day (待定, 另行通知) says
that it has not come, and contradicts a row that is in use. A day that is past contradicts one that
is planned or being built, as it does in the columns that are read. A day that was only expected and
is past says nothing: beside a stage the stage holds, and where a blank one would be the lenient
default it is not known, unless something else of the row says that it was finished. A cell that
nobody can read (20XX年, 见附件) is told, and the stage stands.

- ``built``: stages that only say that the rooms are built
- ``columns``: which columns are heard, and what their cells say
- ``told``: what the text of a cell says of a day
- ``rows``: the rows as those days make them
"""

from lifecircle.intake.other_days.columns import hears, hears_day
from lifecircle.intake.other_days.rows import on_the_day

__all__ = ["hears", "hears_day", "on_the_day"]
