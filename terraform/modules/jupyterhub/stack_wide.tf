# What the stack tells every module, and how a module is reached from outside; the other modules link this file.
# A module sets `local.tool` (its part of the host's name), `local.exposed` (whether it may be reached from outside) and
# `local.secrets` (what its pods read when they start: names of the stack's secrets, by the Secret and the key they go to).

variable "secrets_revisions" {
  description = "How often each secret changed, by name; as an annotation of the pods that read it, so that they start again with the new one."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "image_registry" {
  description = "Registry that holds copies of all images under their own paths, for example registry.example.com/mirror; empty for each image's own registry."
  type        = string
  default     = ""
  nullable    = false
}

variable "domain" {
  description = "Domain under which the tools are reached from outside, each as <tool>.<domain>; empty for none."
  type        = string
  default     = ""
  nullable    = false
}

variable "ingress_class" {
  description = "Ingress class that publishes the tools; empty for none."
  type        = string
  default     = ""
  nullable    = false
}

variable "gateway_name" {
  description = "Gateway (Gateway API) that publishes the tools over HTTPS instead of an ingress class; empty for none."
  type        = string
  default     = ""
  nullable    = false
}

variable "gateway_namespace" {
  description = "Namespace of the gateway; empty for the tool's own."
  type        = string
  default     = ""
  nullable    = false
}

variable "tls_secret" {
  description = "Name of the TLS Secret, in each tool's namespace, that an ingress serves HTTPS with; empty for none."
  type        = string
  default     = ""
  nullable    = false
}

variable "cert_manager_issuer" {
  description = "cert-manager's ClusterIssuer that makes each ingress its certificate; empty for none."
  type        = string
  default     = ""
  nullable    = false
}

locals {
  by_gateway   = local.exposed && var.domain != "" && var.gateway_name != ""
  by_ingress   = local.exposed && var.domain != "" && var.ingress_class != "" && var.gateway_name == ""
  outside_host = local.by_gateway || local.by_ingress ? "${local.tool}.${var.domain}" : ""
  # A gateway's listener is taken to serve HTTPS.
  outside_scheme = local.by_gateway || var.tls_secret != "" || var.cert_manager_issuer != "" ? "https" : "http"
  outside_url    = local.outside_host == "" ? "" : "${local.outside_scheme}://${local.outside_host}"

  ingress_tls_secret  = var.tls_secret != "" ? var.tls_secret : var.cert_manager_issuer != "" ? "${local.tool}-tls" : ""
  ingress_annotations = var.tls_secret == "" && var.cert_manager_issuer != "" ? { "cert-manager.io/cluster-issuer" = var.cert_manager_issuer } : {}
  gateway_reference   = merge({ name = var.gateway_name }, var.gateway_namespace == "" ? {} : { namespace = var.gateway_namespace })

  # With a mirror, `quay.io/jupyterhub/k8s-hub` is `<mirror>/jupyterhub/k8s-hub`.
  registry = trimsuffix(var.image_registry, "/")

  pods_revision    = sum(concat([0], [for name in flatten([for keys in values(local.secrets) : values(keys)]) : lookup(var.secrets_revisions, name, 0)]))
  pods_annotations = { "mlops-install/secrets-revision" = tostring(local.pods_revision) }

  # MiB in one unit: of Kubernetes' quantities, and of what KubeSpawner and Dask read, where G is 1024 M.
  quantity_mebibytes = { "" = 1 / 1048576, k = 1000 / 1048576, Ki = 1 / 1024, M = 1000000 / 1048576, Mi = 1, G = 1000000000 / 1048576, Gi = 1024, T = 1000000000000 / 1048576, Ti = 1048576 }
  binary_mebibytes   = { "" = 1 / 1048576, K = 1 / 1024, M = 1, G = 1024, T = 1048576, MiB = 1, GiB = 1024 }
}
