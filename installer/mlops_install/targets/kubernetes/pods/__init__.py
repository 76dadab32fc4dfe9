"""Pods: their states, what they say during a run, and the checks that run inside them."""
