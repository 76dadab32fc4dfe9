"""The use cases every front end calls; no text for people."""
