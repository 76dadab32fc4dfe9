"""Verify a cluster as a user would: real clients in a notebook that was started through the Hub."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.checks.run import LOOP, MODULES, CheckResult, Step
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import read_secrets
from mlops_install.targets.checking import (
    CHECK_SECONDS,
    CHECKS_AT_ONCE,
    LOOP_SECONDS,
    has_loop,
    payload,
    report,
)
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import connect, refuse_other_cluster
from mlops_install.targets.kubernetes.status import module_states
from mlops_install.targets.records import CheckReport, StepReport

if TYPE_CHECKING:
    from mlops_install.targets.kubernetes.api import Cluster
    from mlops_install.targets.kubernetes.errors import ClusterError
    from mlops_install.targets.kubernetes.pod_checks import PodCheck

_HUB, _NOTEBOOK = "app=jupyterhub,component=hub", "app=jupyterhub,component=singleuser-server"
_USER = ("hub.jupyter.org/username", "mlops-verify")
_START_SECONDS = 330.0
"""How long a notebook may take to start whose image must be pulled."""
_KEEP_SECONDS = 20.0
_SETTINGS = (
    "oauth_github_enable",
    "oauth_github_client_id",
    "prefect_work_pool",
    "dask_worker_replicas",
    "seldon_sample_model",
)
"""Parameters that checks read, defaults included."""


@dataclass
class _Verification:
    """One verification: what it goes by, and the scripts that are running."""

    deployment: Deployment
    catalogue: Catalogue
    answers: Answers
    published: Mapping[str, Any]
    cluster: Cluster
    secrets: Mapping[str, str]
    loop: bool = False
    """Whether the whole way from features to a served model is gone, too."""
    running: list[PodCheck] = field(default_factory=list)
    ended: bool = False
    """Whether somebody ended it early."""

    @property
    def hidden(self) -> list[str]:
        return list(self.secrets.values())

    @property
    def namespace(self) -> str:
        return str(value_of("jupyterhub_namespace", self.answers, self.catalogue))

    def setting(self, name: str) -> Value:
        return value_of(name, self.answers, self.catalogue)

    def told(self, module: str) -> dict[str, Value]:
        """Return the payload of a check."""
        made = payload(module, self.published, self.answers, self.secrets)
        made["settings"] = {name: self.setting(name) for name in _SETTINGS} | dict(self.answers.parameters)
        if module == "jupyterhub":
            made |= self._proxy()
        return made

    def _proxy(self) -> dict[str, Value]:
        """Return how the Hub's proxy is entered inside the cluster, as the chart (4.4.0) has it.

        With a certificate of one's own it speaks HTTPS alone, for the outside name.
        """
        kind = self.setting("jupyterhub_https_type") if self.setting("jhub_proxy_https_enabled") else ""
        domain = f"{self.namespace}.svc.cluster.local"
        if kind == "secret":
            return {"through": f"proxy-public.{domain}"}
        http = f"proxy-http.{domain}:8000" if kind == "letsencrypt" else f"proxy-public.{domain}"
        return {"addresses": {"jupyterhub": f"http://{http}"}}

    def own(self, module: str) -> CheckReport:
        """Return that a module stands for the operator's own server: it has nothing in the cluster to be asked."""
        where = str(dict(self.published.get("addresses") or {}).get(module, ""))
        step = StepReport("a server of your own: what uses it is checked", True, where)
        return CheckReport(module, "not installed", 0.0, (step,), "")

    def follow(self, check: PodCheck) -> None:
        """Take note of a script that was started; of one that came too late for `end`, too."""
        self.running.append(check)
        if self.ended:
            check.end()

    def end(self) -> None:
        """Have every script clean up and end."""
        self.ended = True
        for check in self.running:
            check.end()

    def asked(self, module: str, why: str = "") -> CheckReport:
        """Return what the call through the API server says; `why` is what kept a client from being tried."""
        begun = time.monotonic()
        states = module_states(self.cluster, self.deployment, (module,), self.published)
        name = "answers a call through the API server" + (f" ({why})" if why else "")
        steps = tuple(StepReport(name, state.state == "healthy", state.detail) for state in states)
        bad = [step.detail for step in steps if not step.ok]
        return CheckReport(module, "failed" if bad else "passed", time.monotonic() - begun, steps, "; ".join(bad))


def cluster_checks(
    context: Context,
    deployment: Deployment,
    catalogue: Catalogue,
    answers: Answers,
    published: Mapping[str, Any],
    *,
    loop: bool = False,
) -> Iterator[CheckReport]:
    """Check each module as it comes to its end; one that isn't there, or is the operator's own, is `not installed`.

    With `loop` the whole way from features to a served model is gone at last.

    Tools are checked by real clients in a notebook; what has no client there is asked a call that means something,
    through the API server, and the step says why. Raises PreflightError and ClusterError as `cluster_states` does.
    """
    from mlops_install.targets.kubernetes.facts import cluster_uid

    cluster = connect(context, answers)
    refuse_other_cluster(deployment, cluster_uid(cluster), cluster.access.context)
    it = _Verification(deployment, catalogue, answers, published, cluster, read_secrets(deployment.secrets))
    why_not = _no_loop(it) if loop else ""
    it.loop = loop and not why_not
    if why_not:
        yield CheckReport(LOOP, "not installed", 0.0, (StepReport(why_not, True, ""),), "")
    for module in (name for name in catalogue.modules if name not in answers.modules):
        yield CheckReport(module, "not installed", 0.0, (), "")
    for module in (name for name in catalogue.modules if name in answers.modules and name not in MODULES):
        yield it.own(module) if it.setting(f"{module}_external") else it.asked(module)
    without = {name: why for name in MODULES if name in answers.modules and (why := _no_client(it, name))}
    yield from (it.asked(name, why) for name, why in without.items())
    tools = [name for name in MODULES if name in answers.modules and name not in without]
    if "jupyterhub" in tools:
        yield from _by_notebook(it, [name for name in tools if name != "jupyterhub"])
    else:
        yield from (it.asked(name, "without JupyterHub there is no notebook for a client") for name in tools)


def _no_client(it: _Verification, module: str) -> str:
    """Return why a module has nothing for a client; empty when it has."""
    if module == "seldon" and not it.setting("seldon_sample_model"):
        return "the sample model isn't installed"
    if module == "prefect" and it.setting("prefect_worker_enabled") is False:
        return "there is no worker to run a flow"
    return ""


def _no_loop(it: _Verification) -> str:
    """Return why the whole way can't be gone here; empty when it can."""
    if not has_loop(it.answers.modules):
        return "it goes through all six tools, and not all are chosen"
    if not it.setting("seldon_deploy_from_notebooks"):
        return "notebooks may not deploy models here (seldon_deploy_from_notebooks)"
    return "" if it.setting("prefect_worker_enabled") else "there is no worker to run a flow"


def _by_notebook(it: _Verification, tools: list[str]) -> Iterator[CheckReport]:
    """Check the tools from a server of the Hub's, and JupyterHub last; its check starts, lends and removes the server.

    It runs in the hub's pod, and ends what it began even if nobody hears of it any more.
    """
    from mlops_install.targets.kubernetes.errors import ClusterError
    from mlops_install.targets.kubernetes.pod_checks import PodCheck, find_place

    limit = CHECK_SECONDS * (len(tools) + 1) + _START_SECONDS + (LOOP_SECONDS if it.loop else 0)
    told = it.told("jupyterhub") | {"hold": True}
    begun = time.monotonic()
    try:
        place = find_place(it.cluster, it.namespace, _HUB, "hub")
        hub = PodCheck(it.cluster, place, "jupyterhub", told, timeout=limit, hidden=it.hidden)
    except ClusterError as error:
        yield from (it.asked(name, "no program can be run in JupyterHub's pod") for name in tools)
        yield report(_refused("jupyterhub", error, it.namespace, time.monotonic() - begun))
        return
    reached: list[str] = []
    it.follow(hub)
    try:
        if hub.wait_until_held():
            yield from _in_server(it, hub, tools, reached)
            hub.go({"modules": reached})
        else:
            yield from (it.asked(name, "JupyterHub started no notebook") for name in tools)
        found = hub.result()
        yield report(replace(found, seconds=round(sum(step.seconds for step in found.steps), 2)))
    except BaseException:  # a closed generator and Ctrl-C too: nothing is left in the cluster
        it.end()
        hub.result()
        raise


def _in_server(it: _Verification, hub: PodCheck, tools: list[str], reached: list[str]) -> Iterator[CheckReport]:
    """Run the tools' checks in the server; `reached` gets those that had a client."""
    # Two clients at once are more than a small limit on memory allows.
    at_once = 1 if it.setting("singleuser_memory_limit") else CHECKS_AT_ONCE
    pool = ThreadPoolExecutor(at_once)
    waiting: set[Future[CheckResult]] = {pool.submit(_check, it, tool) for tool in tools}
    # Alone, after the others: it uses them all.
    last = [LOOP] if it.loop else []
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=_KEEP_SECONDS, return_when=FIRST_COMPLETED)
            hub.keep()
            for found in (future.result() for future in done):
                yield _client_report(it, found, reached) if found.module != LOOP else report(found)
            if not waiting and last:
                waiting = {pool.submit(_check, it, last.pop())}
    except BaseException:
        it.end()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _client_report(it: _Verification, found: CheckResult, reached: list[str]) -> CheckReport:
    missing = next((step.detail for step in found.steps if "ModuleNotFoundError" in step.detail), "")
    if missing:
        return it.asked(found.module, f"the notebook's image has no client: {missing}")
    reached.append(found.module)
    return report(found)


def _check(it: _Verification, module: str) -> CheckResult:
    from mlops_install.targets.kubernetes.errors import ClusterError
    from mlops_install.targets.kubernetes.pod_checks import PodCheck, find_place

    begun = time.monotonic()
    try:
        place = find_place(it.cluster, it.namespace, _NOTEBOOK, "notebook", annotation=_USER)
        limit = LOOP_SECONDS if module == LOOP else CHECK_SECONDS
        check = PodCheck(it.cluster, place, module, it.told(module), timeout=limit, hidden=it.hidden)
    except ClusterError as error:
        return _refused(module, error, it.namespace, time.monotonic() - begun)
    it.follow(check)
    return check.result()


def _refused(module: str, error: ClusterError, namespace: str, seconds: float) -> CheckResult:
    """Return the result of a check that couldn't be started, with the rule that is missing where one is."""
    said = f"{error.message} {error.hint}".strip()
    if error.status == 403:
        asked = ("pods/exec", "create", "get") if "pods/exec" in error.message else ("pods", "get", "list")
        rule = f'apiGroups: [""], resources: ["{asked[0]}"], verbs: ["{asked[1]}", "{asked[2]}"]'
        said += f" Verifying needs a Role in namespace {namespace} with the rule {{{rule}}}, bound to this user."
    return CheckResult(module, "failed", seconds, (Step("run a program in the pod", False, said, seconds),), said)
