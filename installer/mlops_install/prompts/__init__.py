"""The questions in plain lines."""
