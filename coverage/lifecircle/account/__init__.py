"""The m² account: what each area requires and has, each m² once."""
