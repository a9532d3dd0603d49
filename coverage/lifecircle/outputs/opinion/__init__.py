"""The opinion of a planning review, and the summary of many.

- ``rows``: everything it says, in words; ``citing``: by which clause of which document
- ``verdicts``: why it concludes so; ``remarked``: remarks of what stands that no verdict goes by
- ``document``: the Word file that an office edits and signs; ``page``: the same to look at
- ``sketch``: plots and facilities as a picture; ``legend``: what stands beside it
- ``folder``: all files of one review, and the summary of many
"""
