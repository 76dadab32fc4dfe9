"""Terraform as a detached child: binary, argv, processes, events, progress, plans."""
