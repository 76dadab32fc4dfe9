"""The table's rows for a Kubernetes cluster, read before Helm's time-out: what a pod says is nearer than that.

The texts are those of the scheduler (plugin names in `pkg/scheduler`), the kubelet (`pkg/kubelet/images`,
`pkg/kubelet/kuberuntime`), the API server's admission, client-go and Helm 3 (Kubernetes 1.34 to 1.36); a pod's state
begins `POD STATE: …`, a warning `KIND NAME REASON: …` (`targets/kubernetes/watch.py`).
"""

from __future__ import annotations

from mlops_install.diagnosis.rules import AGAIN, Rule, Source, rule

_ANY = (Source.TERRAFORM, Source.RELEASE, Source.CLUSTER)
_HELM = (Source.TERRAFORM, Source.RELEASE)
_REQUEST = r'(?:Get|Head|Post|Put|Patch|Delete) "https?://[^"]+?/(?:apis?|version|openapi)\b[^"]*": '
"""What client-go puts before the reason why a request to the API server came to nothing."""

CLUSTER_RULES: tuple[Rule, ...] = (
    rule(
        r"^Namespace (?P<namespace>\S+) is being removed and is held by (?P<held>.+)",
        Source.NAMESPACE,
        "the namespace {namespace} doesn't go: it is held by {held}",
        "A finalizer waits for a controller to tidy up. See that this one runs; if it is gone for good, take the "
        "finalizer off with `kubectl edit`; then run {again} again.",
    ),
    rule(
        r"",
        Source.NAMESPACE,
        "a namespace is being removed and doesn't go in its time",
        "`kubectl get namespaces` shows which, and `kubectl get namespace NAME -o yaml` says under `status` what holds "
        "it; when that is settled, run {again} again.",
    ),
    rule(
        r"^(?:Pod )?\S+ (?:(?:ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName)\b"
        r"|Failed: (?=Failed to pull image \")|BackOff: (?=Back-off pulling image \"))"
        r"(?:[^\"]*image(?: tag)? \"(?P<image>[^\"]+)\")?",
        Source.CLUSTER,
        "the cluster can't pull an image: {image}",
        "Name one that is there: {change}. If the nodes don't reach its registry, name your mirror: {mirror}.",
        "image_registry",
        setting="image",
    ),
    rule(
        r"^\S+ OOMKilled\b|; it ended before: OOMKilled, exit code \d+",
        Source.CLUSTER,
        "a container was ended because it used more memory than its limit",
        "Allow it more: {change}.",
        setting="limit",
    ),
    rule(
        r"\b0/\d+ nodes are available: .*(?:\bunbound immediate PersistentVolumeClaims"
        r"|\bdidn't find available persistent volumes to bind|\bdid not have enough free storage"
        r"|\bpersistentvolumeclaim \"[^\"]+\" not found)"
        r"|^PersistentVolumeClaim \S+ ProvisioningFailed: ",
        Source.CLUSTER,
        "a volume was claimed and the cluster provides none",
        "Name a storage class that provisions volumes: {change}. A claim keeps the class it was made with: delete "
        "the one that waits before (`kubectl delete pvc`).",
        "storage_class",
    ),
    rule(
        r"\b0/\d+ nodes are available: .*?\bInsufficient (?P<resource>[\w./-]*\w)",
        Source.CLUSTER,
        "no node has enough {resource} left for a pod",
        "Add a node, free some {resource}, or ask for less: {change}.",
        setting="{resource}",
    ),
    rule(
        r"^\S+ (?:CrashLoopBackOff|RunContainerError)\b|^\S+ \w+: exit code \d+"
        r"|^Pod \S+ BackOff: Back-off restarting failed container ",
        Source.CLUSTER,
        "a container ends again and again right after its start",
        "Its last lines say why. {changed}When it is mended: {change}.",
        setting="changed",
    ),
    rule(
        r"\bforbidden: exceeded quota: (?P<quota>[^,\s]+), requested: "
        r"(?:(?:requests|limits|count)[./])?(?P<resource>[\w./-]+)=",
        _ANY,
        "the namespace's quota {quota} leaves no {resource} for what is asked for",
        "Have the quota raised, or ask for less: {change}.",
        setting="{resource}",
    ),
    rule(
        r"\bforbidden: failed quota: (?P<quota>[^:\s]+): must specify (?P<what>\S+) for: (?P<containers>[^\s;]+)",
        _ANY,
        "the namespace's quota {quota} wants each container to ask for {what}, and {containers} doesn't",
        "Have a LimitRange with a default put into the namespace, or the quota taken off, " + AGAIN + ".",
    ),
    rule(
        r"\bforbidden: User \"(?P<user>[^\"]+)\" cannot (?P<verb>\w+) resource \"(?P<resource>[^\"]+)\" in API group "
        r"\"(?P<group>[^\"]*)\" (?P<where>in the namespace \"?[^\s\":]+\"?|at the cluster scope)",
        _ANY,
        "{user} may not {verb} {resource} {where}",
        "Have the cluster's administrator grant the rule "
        '`apiGroups: ["{group}"], resources: ["{resource}"], verbs: ["{verb}"]` {where}, ' + AGAIN + ".",
    ),
    rule(
        r"\b(?:admission webhook|ValidatingAdmissionPolicy) [\"'](?P<webhook>[^\"']+)[\"']"
        r"(?: with binding [\"'][^\"']+[\"'])? denied (?:the )?request\b",
        _ANY,
        "a policy of the cluster ({webhook}) refused an object",
        "It gives its reason in the lines shown here: correct the parameter it names or ask the cluster's "
        "administrator, " + AGAIN + ".",
    ),
    rule(
        r"\bInternal error occurred: failed calling webhook \"(?P<webhook>[^\"]+)\": ",
        _ANY,
        "the cluster could not ask its webhook {webhook}",
        "See that the webhook's pod runs, " + AGAIN + ".",
    ),
    rule(
        r"\banother operation \(install/upgrade/rollback\) is in progress\b",
        _HELM,
        "an earlier run was cut off, or another Helm works on this release",
        "If no other Helm runs, {again} finds what is half made, repairs it and carries on.",
    ),
    rule(
        r"\"\S+\" has no deployed releases\b",
        _HELM,
        "an earlier run was cut off in the middle of a release",
        "{again} finds it, repairs it and carries on.",
    ),
    rule(
        r"\b(?P<kind>\w+) \"(?P<object>[^\"]+)\" in namespace \"(?P<place>[^\"]+)\" exists and cannot be imported into "
        r"the current release\b",
        _HELM,
        '{kind} "{object}" in the namespace {place} is there already, made by another hand',
        "Choose another namespace: {change}; or, if nobody needs it, `kubectl -n {place} delete {kind} {object}`, "
        + AGAIN
        + ".",
        "{module}_namespace",
    ),
    rule(
        r"\bcannot re-use a name that is still in use\b|: invalid ownership metadata\b",
        _HELM,
        "the release's name, or an object it would make, already belongs to something else",
        "Choose another namespace: {change}; or remove what is there, " + AGAIN + ".",
        "{module}_namespace",
    ),
    rule(
        # client-go, tools/clientcmd/validation.go; Terraform's providers and its backend put words before it.
        r"(?:(?:^|: )context \"(?=[^\"]+\" does not exist$)|\bcontext was not found for specified context: )"
        r"(?P<context>[^\",\]\n]+)",
        _HELM,
        "the kubeconfig has no context {context}",
        "Choose one of `kubectl config get-contexts` and go on with {context_again}.",
        "kube_context",
    ),
    rule(
        r"\bKubernetes cluster unreachable: "
        rf"|{_REQUEST}(?:dial tcp |(?:unexpected )?EOF|http2: |net/http: |read tcp \S+: (?:read: )?connection reset)",
        _HELM,
        "the cluster can't be reached from here",
        "Check the network and the parameters `kubeconfig` and `kube_context`, " + AGAIN + ".",
        "kube_context",
    ),
    rule(
        r"^Service (?P<service>\S+) waits for a load balancer's address$",
        Source.CLUSTER,
        "the Service {service} is of type LoadBalancer, and the cluster gives it no address",
        "Reach the tool in another way, as ClusterIP with a port-forward: {change}; or install a load balancer, "
        + AGAIN
        + ".",
        setting="service",
    ),
    rule(
        # The kubelet's time-outs go on after the first text, and wait for a cache in the second.
        r"\bcontext deadline exceeded$|(?<!cache: )\btimed out waiting for the condition$"
        r"|\bjob \S+ failed: DeadlineExceeded\b",
        Source.RELEASE,
        "a release was not ready in its time",
        "Look at its pods with `kubectl get pods` and `kubectl describe pod`; if they only need longer, give them more "
        "time: {change}.",
        setting="timeout",
    ),
)
