"""``report.html``, table by table."""
