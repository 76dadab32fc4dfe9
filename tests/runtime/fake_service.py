"""`bin/service` for fake tools: each serves on the `port` of its settings."""

from __future__ import annotations

import sys

from tests.runtime.conftest import FakeTool, program

from mlops_install.targets.local.service import main
from mlops_install.targets.local.tool import Program, ToolContext


def _programs(context: ToolContext) -> tuple[Program, ...]:
    return (program(context.tool, int(context.settings["port"])),)


if __name__ == "__main__":
    sys.exit(main(find_tool=lambda name: FakeTool(name=name, programs_of=_programs)))
