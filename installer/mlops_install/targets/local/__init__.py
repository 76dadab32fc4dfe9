"""The target `local`: real tools as supervised processes on this machine."""
