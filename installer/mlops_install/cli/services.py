"""`start` and `stop`: the local services after a reboot, or before one."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import open_session
from mlops_install.errors import ExitCode


def start(
    name: options.Name = None,
    directory: options.Directory = None,
    no_color: options.NoColor = False,
) -> int:
    """Start the services of a deployment on this machine, for example after a reboot."""
    from mlops_install.workflow import services

    session = open_session(no_color=no_color)
    deployment = session.deployment(name, directory)
    services.start(session.context, deployment)
    session.say(f"The services of {deployment.name} are up.")
    return ExitCode.OK


def stop(
    name: options.Name = None,
    directory: options.Directory = None,
    no_color: options.NoColor = False,
) -> int:
    """Stop the services of a deployment on this machine; nothing is removed."""
    from mlops_install.workflow import services

    session = open_session(no_color=no_color)
    deployment = session.deployment(name, directory)
    services.stop(session.context, deployment)
    session.say(f"The services of {deployment.name} are stopped; `{deployment.command('start')}` starts them.")
    return ExitCode.OK
