"""What a command loads: a static contract can't see imports inside functions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.program import Program

SCRIPT = """
import json, sys
from mlops_install.cli.main import run
code = run(sys.argv[1:])
json.dump({"code": code, "modules": sorted(sys.modules)}, sys.stderr)
"""


def loaded_by(root: Path, *arguments: str) -> tuple[int, set[str]]:
    """Run the command line in a fresh interpreter; return its exit code and the modules loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        env=Program(root).environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    document = json.loads(done.stderr.splitlines()[-1])
    return document["code"], set(document["modules"])


def test_json_output_loads_no_front_end_library(tmp_path: Path) -> None:
    code, modules = loaded_by(tmp_path, "quick", "laptop", "--non-interactive", "-o", "json")
    assert code in (3, 4)  # 4: the plan waits for approval; 3: this machine's default ports are taken
    assert not modules & {"textual", "rich", "questionary", "prompt_toolkit"}
    assert not {name for name in modules if name.startswith("mlops_install.targets.kubernetes")}


def test_a_cached_schema_needs_neither_hcl_nor_a_front_end(tmp_path: Path) -> None:
    loaded_by(tmp_path, "schema")
    code, modules = loaded_by(tmp_path, "schema")
    assert code == 0
    assert not modules & {"hcl2", "lark", "textual", "rich", "questionary"}


def test_the_first_paint_waits_for_nothing_that_only_later_screens_need() -> None:
    begin = "import json, sys, mlops_install.tui.launch, mlops_install.tui.app, mlops_install.tui.screens.start"
    done = subprocess.run(
        [sys.executable, "-c", f"{begin}; print(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"pygments", "rich.traceback", "yaml", "hcl2", "jsonschema", "mlops_install.catalogue.model"}
    assert not set(json.loads(done.stdout)) & heavy
