"""The client scripts that run in a notebook environment and act as a user would."""
