"""Kubernetes beyond Terraform: access, facts, releases, rights, pods and events."""
