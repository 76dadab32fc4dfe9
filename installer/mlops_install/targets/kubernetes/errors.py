"""What a cluster's API server refuses or can't be asked, in plain words."""

from __future__ import annotations

from mlops_install.errors import InstallerError


class ClusterError(InstallerError):
    """The API server refused a request, or couldn't be reached."""

    def __init__(self, status: int, reason: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        """The HTTP status; 0 when there was no reply."""
        self.reason = reason
        """`unreachable`, `timeout`, `certificate`, `credentials`, or Kubernetes' own word (`Forbidden`, `NotFound`)."""
