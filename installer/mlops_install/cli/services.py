"""`start` and `stop`: the local services after a reboot, or before one."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode


@verb()
def start(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Start the services of a deployment on this machine, for example after a reboot."""
    from mlops_install.workflow import services

    deployment = session.deployment(name, directory)
    services.start(session.context, deployment)
    session.say(f"The services of {deployment.name} are up.")
    return ExitCode.OK


@verb()
def stop(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Stop the services of a deployment on this machine; nothing is removed."""
    from mlops_install.workflow import services

    deployment = session.deployment(name, directory)
    services.stop(session.context, deployment)
    session.say(f"The services of {deployment.name} are stopped; `{deployment.command('start')}` starts them.")
    return ExitCode.OK
