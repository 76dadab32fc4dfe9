"""This machine: what it has, what is in the way, and what should be known before installing on it."""
