"""The non-interactive front end: progress lines, tables, JSON."""
