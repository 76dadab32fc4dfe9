"""The table's rows for a Kubernetes cluster, read before the others: what a pod says comes before Helm's time-out.

The texts are those of the scheduler, the kubelet, the API server's admission and Helm 3.
"""

from __future__ import annotations

from mlops_install.diagnosis.rules import AGAIN, Rule, rule

CLUSTER_RULES: tuple[Rule, ...] = (
    rule(
        # hashicorp/helm 3.1.2, after a failed upgrade, when the values are again those that went well before.
        r"produced an unexpected new value: \.metadata\.",
        "the release is as it was asked for, but Terraform's Helm provider lost count over its failure before",
        "Nothing is lost: run `{again}` once more.",
    ),
    rule(
        r"Namespace (?P<namespace>\S+) is being removed and is held by (?P<held>.+)",
        "the namespace {namespace} doesn't go: it is held by {held}",
        "A finalizer waits for a controller to tidy up. See that this one runs; if it is gone for good, take the "
        "finalizer off with `kubectl edit`; then run `{again}` again.",
    ),
    rule(
        r"\AA namespace stays",
        "a namespace is being removed and doesn't go in its time",
        "`kubectl get namespaces` shows which, and `kubectl get namespace NAME -o yaml` says under `status` what holds "
        "it; when that is settled, run `{again}` again.",
    ),
    rule(
        r"Failed to (query available provider packages|install provider)",
        "Terraform could not get one of its providers",
        "Check the network, or put the provider where `terraform init` looks for it, " + AGAIN + ".",
    ),
    rule(
        r"\b(?:ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|Back-off pulling|Failed to pull)\b"
        r"(?:[^\"]*image(?: tag)? \"(?P<image>[^\"]+)\")?",
        "the cluster can't pull an image: {image}",
        "Name one that is there: `{change}`. If the nodes don't reach its registry, name your mirror with "
        "`--set image_registry=…`.",
        "image_registry",
        setting="image",
    ),
    rule(
        r"\bOOMKilled\b",
        "a container was ended because it used more memory than its limit",
        "Allow it more: `{change}`.",
        setting="limit",
    ),
    rule(
        r"unbound immediate PersistentVolumeClaims|no persistent volumes available for this claim|"
        r"didn't find available persistent volumes to bind|did not have enough free storage|"
        r"persistentvolumeclaim \"[^\"]+\" not found|ProvisioningFailed",
        "a volume was claimed and the cluster provides none",
        "Name a storage class that provisions volumes: `{change}`. A claim keeps the class it was made with: delete "
        "the one that waits before (`kubectl delete pvc`).",
        "storage_class",
    ),
    rule(
        r"nodes are available:.*?Insufficient (?P<resource>cpu|memory|[\w./-]+)",
        "no node has enough {resource} left for a pod",
        "Add a node, free some {resource}, or ask for less: `{change}`.",
        setting="{resource}",
    ),
    rule(
        r"\bCrashLoopBackOff\b|Back-off restarting failed container|\bRunContainerError\b|\b(Start)?Error: exit code",
        "a container ends again and again right after its start",
        "Its last lines say why. {changed}When it is mended: `{change}`.",
        setting="changed",
    ),
    rule(
        r"exceeded quota: (?P<quota>[^,\s]+), requested: (?:(?:requests|limits|count)[./])?(?P<resource>[\w./-]+)=",
        "the namespace's quota {quota} leaves no {resource} for what is asked for",
        "Have the quota raised, or ask for less: `{change}`.",
        setting="{resource}",
    ),
    rule(
        r"failed quota: (?P<quota>[^:\s]+): must specify (?P<what>\S+) for: (?P<containers>[^\s;]+)",
        "the namespace's quota {quota} wants each container to ask for {what}, and {containers} doesn't",
        "Have a LimitRange with a default put into the namespace, or the quota taken off, " + AGAIN + ".",
    ),
    rule(
        r"User \"(?P<user>[^\"]+)\" cannot (?P<verb>\w+) resource \"(?P<resource>[^\"]+)\" in API group "
        r"\"(?P<group>[^\"]*)\" (?P<where>in the namespace \"?[^\s\":]+\"?|at the cluster scope)",
        "{user} may not {verb} {resource} {where}",
        "Have the cluster's administrator grant the rule "
        '`apiGroups: ["{group}"], resources: ["{resource}"], verbs: ["{verb}"]` {where}, ' + AGAIN + ".",
    ),
    rule(
        r"(?:admission webhook|ValidatingAdmissionPolicy) [\"'](?P<webhook>[^\"']+)[\"']"
        r"(?: with binding [\"'][^\"']+[\"'])? denied (?:the )?request",
        "a policy of the cluster ({webhook}) refused an object",
        "Its reason stands below: correct the parameter it names or ask the cluster's administrator, " + AGAIN + ".",
    ),
    rule(
        r"failed calling webhook \"(?P<webhook>[^\"]+)\"",
        "the cluster could not ask its webhook {webhook}",
        "See that the webhook's pod runs, " + AGAIN + ".",
    ),
    rule(
        r"another operation \(install/upgrade/rollback\) is in progress",
        "an earlier run was cut off, or another Helm works on this release",
        "If no other Helm runs, `{again}` finds what is half made, repairs it and carries on.",
    ),
    rule(
        r"has no deployed releases",
        "an earlier run was cut off in the middle of a release",
        "`{again}` finds it, repairs it and carries on.",
    ),
    rule(
        r"(?P<kind>\w+) \"(?P<object>[^\"]+)\" in namespace \"(?P<place>[^\"]+)\" exists and cannot be imported",
        '{kind} "{object}" in the namespace {place} is there already, made by another hand',
        "Choose another namespace: `{change}`; or, if nobody needs it, `kubectl -n {place} delete {kind} {object}`, "
        + AGAIN
        + ".",
        "{module}_namespace",
    ),
    rule(
        r"cannot re-use a name that is still in use|invalid ownership metadata",
        "the release's name, or an object it would make, already belongs to something else",
        "Choose another namespace: `{change}`; or remove what is there, " + AGAIN + ".",
        "{module}_namespace",
    ),
    rule(
        r"context \"(?P<context>[^\"]+)\" does not exist",
        "the kubeconfig has no context {context}",
        "Choose one of `kubectl config get-contexts` with --context, " + AGAIN + ".",
        "kube_context",
    ),
    rule(
        r"Kubernetes cluster unreachable|dial tcp \S+: (connect: connection refused|i/o timeout|connect: no route)|"
        r"\w+ \"https://[^\"]+\": (?:(?:unexpected )?EOF|http2: |net/http: |read tcp \S+: (?:read: )?connection reset)",
        "the cluster can't be reached from here",
        "Check the network and the parameters `kubeconfig` and `kube_context`, " + AGAIN + ".",
        "kube_context",
    ),
    rule(
        r"Service (?P<service>\S+) waits for a load balancer's address",
        "the Service {service} is of type LoadBalancer, and the cluster gives it no address",
        "Reach the tool in another way, as ClusterIP with a port-forward: `{change}`; or install a load balancer, "
        + AGAIN
        + ".",
        setting="service",
    ),
    rule(
        r"context deadline exceeded|timed out waiting for the condition|DeadlineExceeded",
        "a release was not ready in its time",
        "Look at its pods with `kubectl get pods` and `kubectl describe pod`; if they only need longer, give them more "
        "time: `{change}`.",
        setting="timeout",
    ),
)
