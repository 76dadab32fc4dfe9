"""A working MLOps stack on this machine or on Kubernetes, from one command."""

__version__ = "0.1.0"
