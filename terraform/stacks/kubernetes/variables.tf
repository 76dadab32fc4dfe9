# Switches, what holds for the whole stack, and what the deployment counts. Each module's own parameters are in
# `<module>_variables.tf`, its secrets in `<module>_secrets.tf`.

variable "install_jupyterhub" {
  description = "Install JupyterHub: a notebook server for each user."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_prefect" {
  description = "Install Prefect: a server and a worker for data flows."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_dask" {
  description = "Install Dask: an operator, a scheduler and workers for distributed computing."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_feast" {
  description = "Install Feast: a feature store and its online server."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_mlflow" {
  description = "Install MLflow: experiment tracking and a model registry."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_seldon" {
  description = "Install Seldon Core: models served over HTTP and gRPC."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_postgresql" {
  description = "Install PostgreSQL: the server or, with an external one, the roles and databases that the other modules need."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_object_store" {
  description = "Install the object store that holds artifacts, unless an external one is named."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_valkey" {
  description = "Install Valkey: the store of Feast's online features, unless an external one is named."
  type        = bool
  default     = true
  nullable    = false
}

variable "kubeconfig" {
  description = "File that says how the cluster is reached, or several separated by colons as in KUBECONFIG; empty for ~/.kube/config."
  type        = string
  default     = ""
  nullable    = false
}

variable "kube_context" {
  description = "Context of the kubeconfig file to install into, by its name."
  type        = string
  default     = ""
  nullable    = false
}

variable "charts_directory" {
  description = "Folder that holds every chart as <chart>-<version>.tgz, instead of the charts' repositories; empty to fetch them from there."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(|[/~].*)$", var.charts_directory))
    error_message = "The folder of charts is an absolute path, as /srv/charts."
  }
}

variable "image_registry" {
  description = "Registry that holds copies of all images under their own paths, as registry.example.com/mirror; empty for each image's own registry."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*)*)?$", var.image_registry))
    error_message = "A registry is a host with an optional port and path, without https://, as registry.example.com/mirror."
  }
}

variable "storage_class" {
  description = "Storage class of every volume; empty for the cluster's default."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", var.storage_class))
    error_message = "A storage class has lower-case letters, digits, hyphens and dots."
  }
}

variable "domain" {
  description = "Domain under which the tools are reached from outside, each as <tool>.<domain>; empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*)?$", var.domain))
    error_message = "A domain is a plain name in lower case such as mlops.example.com, without https:// or path."
  }

  validation {
    condition     = var.domain != "" || (var.ingress_class == "" && var.gateway_name == "")
    error_message = "An ingress class or a gateway needs the domain under which it publishes the tools."
  }
}

variable "ingress_class" {
  description = "Ingress class that publishes the tools; empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", var.ingress_class))
    error_message = "An ingress class has lower-case letters, digits, hyphens and dots."
  }

  validation {
    condition     = var.ingress_class == "" || var.gateway_name == ""
    error_message = "The tools are published by an ingress class or by a gateway, not by both."
  }
}

variable "gateway_name" {
  description = "Gateway (Gateway API) that publishes the tools over HTTPS instead of an ingress class; empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", var.gateway_name))
    error_message = "A gateway's name has lower-case letters, digits, hyphens and dots."
  }
}

variable "gateway_namespace" {
  description = "Namespace of the gateway; empty for each tool's own."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$", var.gateway_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "tls_secret" {
  description = "Name of the TLS Secret, in each tool's namespace, that an ingress serves HTTPS with; empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", var.tls_secret))
    error_message = "A Secret's name has lower-case letters, digits, hyphens and dots."
  }

  validation {
    condition     = var.tls_secret == "" || var.cert_manager_issuer == ""
    error_message = "The certificate comes from a Secret that is there or from cert-manager, not from both."
  }
}

variable "cert_manager_issuer" {
  description = "cert-manager's ClusterIssuer that makes each ingress its certificate; empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", var.cert_manager_issuer))
    error_message = "An issuer's name has lower-case letters, digits, hyphens and dots."
  }
}

variable "existing_namespaces" {
  description = "Namespaces that are there already: used, but neither made nor removed."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.existing_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "kept_namespaces" {
  description = "Namespaces kept by the deployment although no chosen module uses them: they hold data."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.kept_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "release_failures" {
  description = "How often the deployment found a release failed, by the release's name: counted so that a plan sees it."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "secrets_revisions" {
  description = "How often the deployment saw a secret change, by the secret's name: counted so that a plan sees it."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "environment_packages" {
  description = "What singleuser_packages came to when it was resolved, as requirements with hashes: on top of the team's environment, and of the serving environment."
  type        = object({ environment = string, serving = string, key = optional(string, "") })
  default     = { environment = "", serving = "" }
  nullable    = false
}
