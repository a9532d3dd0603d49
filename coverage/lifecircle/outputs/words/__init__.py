"""Words: results as people say them, in one wording for every output.

- ``names``: who is called what, by layer and by side
- ``wording``: texts, names, figures, reasons
- ``figures``: decimals and percentages
- ``quantities``: numbers with what they count, straight lines and walks, as maps tell them
- ``problems``: what is wrong with the inputs, one by one, together, and row by row
- ``sources_read``: what of a file was read
- ``showing``: what of a result is shown; ``ranking``: in which order
- ``banners``: what stands over a result: a scenario, streets that are missing
- ``settlements``, ``site_uses``, ``sensitivity``: sharing, sites and rates, as several outputs list
  them
- ``causes``, ``changes``: what is otherwise between two results, and why
"""
