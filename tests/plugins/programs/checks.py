"""A list of checks: each runs, and what it raised is told by its name."""

import json
import sys

from mlflow.exceptions import MlflowException

CHECKS = {}
ONLY = sys.argv[1:]


def check(function):
    """Register a check under its name in words."""
    CHECKS[function.__name__.replace("_", " ")] = function
    return function


def refused(call, *words):
    """Ask that a call raises MlflowException, and that its message has all of the words; return the message."""
    try:
        call()
    except MlflowException as error:
        missing = [word for word in words if word not in str(error)]
        assert not missing, f"{missing} not in: {error}"
        return str(error)
    raise AssertionError("it was not refused")


def run():
    """Run all checks and print what became of each."""
    found = {}
    for name, function in CHECKS.items():
        if ONLY and name not in ONLY:
            continue
        try:
            function()
            found[name] = ""
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    print(json.dumps(found))
