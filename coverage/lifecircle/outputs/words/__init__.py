"""Words: results as people say them, one wording for every output."""
