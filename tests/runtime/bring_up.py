"""`bin/service up` for a fake tool, as a process of its own: FOLDER NAME PORT."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mlops_install.local.service import main
from tests.runtime.conftest import FakeTool, program

if __name__ == "__main__":
    folder, name, port = sys.argv[1:]
    os.environ["SERVICE_SETTINGS"] = "{}"
    tool = FakeTool(name=name, programs_of=lambda _: (program(name, int(port)),))
    sys.exit(main(["--deployment", folder, "up", name], find_tool=lambda _: tool))
