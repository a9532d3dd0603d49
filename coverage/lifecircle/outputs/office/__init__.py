"""Office files: cells of Excel, tables of Word, their colours and charts."""
