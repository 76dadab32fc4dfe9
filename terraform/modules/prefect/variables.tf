# On Kubernetes only.

variable "prefect_namespace" {
  description = "Namespace of Prefect's server, its worker and the Jobs of flow runs."
  type        = string
  default     = "prefect"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.prefect_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "prefect_service_type" {
  description = "Kind of Service in front of Prefect's server: ClusterIP (reached by port-forward, ingress or gateway), NodePort or LoadBalancer."
  type        = string
  default     = "ClusterIP"
  nullable    = false

  validation {
    condition     = contains(["ClusterIP", "NodePort", "LoadBalancer"], var.prefect_service_type)
    error_message = "The kind of Service is ClusterIP, NodePort or LoadBalancer."
  }
}

variable "prefect_exposed" {
  description = "Whether the ingress class or gateway, where one is set, publishes Prefect as prefect.<domain>."
  type        = bool
  default     = true
  nullable    = false
}

variable "prefect_authentication" {
  description = "Whether Prefect asks for a user and a password; worker and notebooks get them. Without it, everyone who reaches Prefect may run anything in its namespace."
  type        = bool
  default     = true
  nullable    = false
}

variable "prefect_ui_api_url" {
  description = "Address, ending in /api, by which browsers reach Prefect's API; empty for the host of ingress or gateway, else for a port-forward."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(https?://[^ ]+/api)?$", var.prefect_ui_api_url))
    error_message = "The address is empty or begins with http:// or https:// and ends with /api."
  }
}

variable "prefect_version_tag" {
  description = "Tag of Prefect's image; the worker's is the same with -kubernetes behind it."
  type        = string
  default     = "3.8.3-python3.11"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.prefect_version_tag))
    error_message = "The tag has 1 to 128 letters, digits, dots, hyphens and underscores."
  }
}

variable "prefect_image_repository" {
  description = "Prefect's image, without a tag."
  type        = string
  default     = "docker.io/prefecthq/prefect"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9._/-]|:[0-9]+/)*[a-z0-9]$", var.prefect_image_repository))
    error_message = "The image is a name without a tag, for example registry.example.com/team/image."
  }
}

variable "prefect_image_pull_policy" {
  description = "When nodes pull Prefect's images: Always, IfNotPresent or Never."
  type        = string
  default     = "IfNotPresent"
  nullable    = false

  validation {
    condition     = contains(["Always", "IfNotPresent", "Never"], var.prefect_image_pull_policy)
    error_message = "The pull policy is Always, IfNotPresent or Never."
  }
}

variable "prefect_image_pull_secrets" {
  description = "Secrets, in Prefect's namespace, with which nodes pull its images from a private registry. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.prefect_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "prefect_annotations" {
  description = "Annotations of every object of Prefect."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "prefect_service_account_name" {
  description = "Service account of Prefect's server; empty for one named after it."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", var.prefect_service_account_name))
    error_message = "A service account has lower-case letters, digits, dots and hyphens."
  }
}

variable "prefect_database_name" {
  description = "Name of Prefect's database."
  type        = string
  default     = "prefect"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.prefect_database_name))
    error_message = "A database's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "prefect_database_user" {
  description = "Role with which Prefect signs in to its database."
  type        = string
  default     = "prefect"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.prefect_database_user))
    error_message = "A role's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "prefect_cpu" {
  description = "CPU that the server's pod requests, as 100m or 1."
  type        = string
  default     = "100m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.prefect_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "prefect_memory" {
  description = "Memory that the server's pod requests, as 512Mi or 1Gi."
  type        = string
  default     = "512Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.prefect_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "prefect_timeout" {
  description = "Seconds that an install or upgrade of Prefect may take until its pods are ready."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.prefect_timeout >= 60 && var.prefect_timeout <= 7200 && floor(var.prefect_timeout) == var.prefect_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
