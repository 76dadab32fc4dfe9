"""Replays a recorded stream for each verb: `fake_terraform.py FOLDER VERB …`, exit code from FOLDER/VERB.exit."""

import sys
from pathlib import Path


def main() -> int:
    folder, verb, *arguments = Path(sys.argv[1]), *sys.argv[2:]
    for argument in arguments:
        if argument.startswith("-out="):
            Path(argument.removeprefix("-out=")).write_text("plan")
    for name in (f"{verb}.jsonl", f"{verb}.json"):
        if (folder / name).is_file():
            sys.stdout.buffer.write((folder / name).read_bytes())
    code = folder / f"{verb}.exit"
    return int(code.read_text()) if code.is_file() else 0


if __name__ == "__main__":
    sys.exit(main())
