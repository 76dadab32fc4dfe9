"""Helm's releases and what stands beside them: found, taken over, taken away."""
