"""The one place that reads the process's environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mlops_install.paths import Environment
from mlops_install.words import commands


def note_program() -> None:
    """Have commands in texts begin as this process's own command line did."""
    commands.called_as(sys.argv[0], os.environ.get("PATH", os.defpath))


def snapshot() -> Environment:
    """Return the environment as it is now; the XDG folders are platformdirs' (4.x)."""
    import platformdirs

    name = "mlops-install"
    return Environment(
        variables=dict(os.environ),
        working_directory=Path.cwd(),
        home=Path.home(),
        data_home=platformdirs.user_data_path(name),
        state_home=platformdirs.user_state_path(name),
        cache_home=platformdirs.user_cache_path(name),
        python=Path(sys.executable),
        uid=os.getuid(),
    )
