# On Kubernetes only.

variable "feast_namespace" {
  description = "Namespace of Feast."
  type        = string
  default     = "feast"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.feast_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "feast_service_type" {
  description = "Kind of Service in front of the feature server: ClusterIP, NodePort or LoadBalancer. Feast asks for no password: who reaches it may read and write every feature."
  type        = string
  default     = "ClusterIP"
  nullable    = false

  validation {
    condition     = contains(["ClusterIP", "NodePort", "LoadBalancer"], var.feast_service_type)
    error_message = "The kind of Service is ClusterIP, NodePort or LoadBalancer."
  }
}

variable "feast_project" {
  description = "Name of the Feast project whose features are served."
  type        = string
  default     = "demo"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_]{0,62}$", var.feast_project))
    error_message = "The project's name has 1 to 63 letters, digits and underscores, and begins with a letter or digit."
  }
}

variable "feast_sample_features" {
  description = "Whether sample features are registered at each start, which `verify` pushes and reads: feature view driver_activity. Without them the server starts with what the registry holds."
  type        = bool
  default     = true
  nullable    = false
}

variable "feast_replicas" {
  description = "How many feature servers."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.feast_replicas >= 1 && var.feast_replicas <= 50
    error_message = "The number of servers is from 1 to 50."
  }

  validation {
    condition     = floor(var.feast_replicas) == var.feast_replicas
    error_message = "The number of servers is a whole number."
  }
}

variable "feast_image_repository" {
  description = "Feast's image, without a tag."
  type        = string
  default     = "quay.io/feastdev/feature-server"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9._/-]|:[0-9]+/)*[a-z0-9]$", var.feast_image_repository))
    error_message = "The image is a name without a tag, for example registry.example.com/team/image."
  }
}

variable "feast_image_tag" {
  description = "Tag of Feast's image."
  type        = string
  default     = "0.66.0"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.feast_image_tag))
    error_message = "The tag has 1 to 128 letters, digits, dots, hyphens and underscores."
  }
}

variable "feast_image_pull_policy" {
  description = "When nodes pull Feast's image: Always, IfNotPresent or Never."
  type        = string
  default     = "IfNotPresent"
  nullable    = false

  validation {
    condition     = contains(["Always", "IfNotPresent", "Never"], var.feast_image_pull_policy)
    error_message = "The pull policy is Always, IfNotPresent or Never."
  }
}

variable "feast_image_pull_secrets" {
  description = "Secrets, in Feast's namespace, with which nodes pull its images from a private registry. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.feast_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "feast_database_name" {
  description = "Name of the database that holds Feast's registry."
  type        = string
  default     = "feast"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.feast_database_name))
    error_message = "A database's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "feast_database_user" {
  description = "Role with which Feast signs in to its database."
  type        = string
  default     = "feast"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.feast_database_user))
    error_message = "A role's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "feast_cpu" {
  description = "CPU that each feature server's pod requests, as 100m or 1."
  type        = string
  default     = "100m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.feast_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "feast_memory" {
  description = "Memory that each feature server's pod requests, as 512Mi or 1Gi."
  type        = string
  default     = "512Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.feast_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "feast_timeout" {
  description = "Seconds that an install or upgrade of Feast may take until its pods are ready."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.feast_timeout >= 60 && var.feast_timeout <= 7200 && floor(var.feast_timeout) == var.feast_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
