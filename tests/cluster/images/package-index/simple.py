"""Write the pages of a simple repository API (PEP 503) for the files in a folder's `wheels`.

Usage: simple.py FOLDER; makes FOLDER/simple.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path


def main(folder: Path) -> None:
    projects: dict[str, list[Path]] = {}
    for path in sorted((folder / "wheels").iterdir()):
        # An sdist's name ends with its version, which has no hyphen.
        name = path.name.split("-")[0] if path.suffix == ".whl" else path.name.rpartition("-")[0]
        projects.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(path)
    for name, paths in projects.items():
        page = folder / "simple" / name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(
            "<!DOCTYPE html>\n"
            + "".join(
                f'<a href="../../wheels/{path.name}#sha256={hashlib.sha256(path.read_bytes()).hexdigest()}">'
                f"{path.name}</a>\n"
                for path in paths
            )
        )
    (folder / "simple" / "index.html").write_text("".join(f'<a href="{name}/">{name}</a>\n' for name in projects))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
