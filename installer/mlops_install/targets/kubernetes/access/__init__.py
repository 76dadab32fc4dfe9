"""The way to a cluster's API server, read from kubeconfig files as kubectl reads them."""

from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.access.selection import choose, contexts, kubeconfig_files

__all__ = ["Access", "choose", "contexts", "kubeconfig_files"]
