"""The team's environment: from which index its packages come, and what the team adds to its lock."""
