"""Surroundings of a test's own, and deployments as planning and approval leave them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from mlops_install.answers.document import dump_answers
from mlops_install.deployment.files import make_private, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.secrets import next_revisions, write_secrets
from mlops_install.paths import Environment
from mlops_install.setup.candidate import candidate_tfvars


def environment_in(home: Path, variables: Mapping[str, str] | None = None) -> Environment:
    """Return surroundings with all folders below `home`; without variables given, HOME and this process's PATH."""
    given = {"HOME": str(home), "PATH": os.environ.get("PATH", "")} if variables is None else dict(variables)
    return Environment(
        variables=given,
        working_directory=home,
        home=home,
        data_home=home / "data",
        state_home=home / "state",
        cache_home=home / "cache",
        python=Path(sys.executable),
        uid=os.getuid(),
    )


def leave_approved(prepared: Prepared) -> Deployment:
    """Leave what was prepared as plan and approval would, without a run."""
    deployment, values = prepared.deployment, prepared.secrets.values
    tfvars = candidate_tfvars(deployment, prepared.catalogue, prepared.answers, values)
    make_private(deployment.folder)
    write_private(deployment.answers, dump_answers(prepared.answers, comment=""))
    write_secrets(deployment.secrets, values)
    write_private(deployment.tfvars, json.dumps(tfvars))
    revisions = next_revisions({}, values, prepared.catalogue, {})
    write_marker(deployment, Marker(prepared.answers.target, secrets_revisions=revisions))
    return deployment
