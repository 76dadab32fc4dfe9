# On Kubernetes only.

variable "dask_namespace" {
  description = "Namespace of Dask: its operator, scheduler and workers."
  type        = string
  default     = "dask"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.dask_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "dask_service_type" {
  description = "Kind of Service in front of the scheduler: ClusterIP, NodePort or LoadBalancer. Dask asks for no password: who reaches it runs anything on its workers."
  type        = string
  default     = "ClusterIP"
  nullable    = false

  validation {
    condition     = contains(["ClusterIP", "NodePort", "LoadBalancer"], var.dask_service_type)
    error_message = "The kind of Service is ClusterIP, NodePort or LoadBalancer."
  }
}

variable "dask_exposed" {
  description = "Whether the ingress class or gateway, where one is set, publishes Dask's dashboard as dask.<domain>. It asks for no password."
  type        = bool
  default     = false
  nullable    = false
}

variable "dask_worker_replicas" {
  description = "How many workers."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.dask_worker_replicas >= 1 && var.dask_worker_replicas <= 1000
    error_message = "The number of workers is from 1 to 1000."
  }

  validation {
    condition     = floor(var.dask_worker_replicas) == var.dask_worker_replicas
    error_message = "The number of workers is a whole number."
  }
}

variable "dask_worker_threads" {
  description = "Threads of each worker."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.dask_worker_threads >= 1 && var.dask_worker_threads <= 256
    error_message = "The number of threads is from 1 to 256."
  }

  validation {
    condition     = floor(var.dask_worker_threads) == var.dask_worker_threads
    error_message = "The number of threads is a whole number."
  }
}

variable "dask_worker_cpu" {
  description = "CPU that each worker's pod requests, as 250m or 1."
  type        = string
  default     = "250m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.dask_worker_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "dask_worker_memory" {
  description = "Memory of each worker; above it the worker is restarted."
  type        = string
  default     = "1Gi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.dask_worker_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "dask_scheduler_cpu" {
  description = "CPU that the scheduler's pod requests, as 100m or 1."
  type        = string
  default     = "100m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.dask_scheduler_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "dask_scheduler_memory" {
  description = "Memory that the scheduler's pod requests."
  type        = string
  default     = "256Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.dask_scheduler_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "dask_worker_image_repository" {
  description = "Another image of workers than the team's environment, without a tag; empty for the environment. Notebooks need the same versions of Dask and of what they send to it."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9._/-]|:[0-9]+/)*[a-z0-9])?$", var.dask_worker_image_repository))
    error_message = "The image is empty or a name without a tag, for example registry.example.com/team/image."
  }
}

variable "dask_worker_image_tag" {
  description = "Tag of that image."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$", var.dask_worker_image_tag))
    error_message = "The tag is empty or has 1 to 128 letters, digits, dots, hyphens and underscores."
  }

  validation {
    condition     = (var.dask_worker_image_repository == "") == (var.dask_worker_image_tag == "")
    error_message = "An image of your own for workers needs both: dask_worker_image_repository and dask_worker_image_tag."
  }
}

variable "dask_worker_image_pull_policy" {
  description = "When nodes pull the workers' image: Always, IfNotPresent or Never."
  type        = string
  default     = "IfNotPresent"
  nullable    = false

  validation {
    condition     = contains(["Always", "IfNotPresent", "Never"], var.dask_worker_image_pull_policy)
    error_message = "The pull policy is Always, IfNotPresent or Never."
  }
}

variable "dask_scheduler_image_repository" {
  description = "Image of the scheduler, without a tag, where workers have one of your own; empty for the workers'."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9._/-]|:[0-9]+/)*[a-z0-9])?$", var.dask_scheduler_image_repository))
    error_message = "The image is empty or a name without a tag, for example registry.example.com/team/image."
  }

  validation {
    condition     = var.dask_scheduler_image_repository == "" || var.dask_worker_image_repository != ""
    error_message = "Scheduler and workers run in one environment: a scheduler's own image needs one of the workers' too (dask_worker_image_repository)."
  }
}

variable "dask_scheduler_image_tag" {
  description = "Tag of the scheduler's image; empty for the workers'."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$", var.dask_scheduler_image_tag))
    error_message = "The tag is empty or has 1 to 128 letters, digits, dots, hyphens and underscores."
  }
}

variable "dask_scheduler_image_pull_policy" {
  description = "When nodes pull the scheduler's image: Always, IfNotPresent or Never; empty for the workers' policy."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = contains(["", "Always", "IfNotPresent", "Never"], var.dask_scheduler_image_pull_policy)
    error_message = "The pull policy is empty, Always, IfNotPresent or Never."
  }
}

variable "dask_worker_image_pull_secrets" {
  description = "Secrets, in Dask's namespace, with which nodes pull its images from a private registry. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.dask_worker_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "dask_worker_command" {
  description = "Command that starts a worker, for example `dask cuda worker` where workers have a GPU."
  type        = string
  default     = "dask worker"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+( [A-Za-z0-9._/=-]+)*$", var.dask_worker_command))
    error_message = "The command is words parted by single spaces, for example dask worker."
  }
}

variable "dask_worker_environment_variables" {
  description = "Environment variables of workers. Entries without a name are left out."
  type        = list(object({ name = string, value = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for variable in var.dask_worker_environment_variables : can(regex("^([A-Za-z_][A-Za-z0-9_]*)?$", variable.name))])
    error_message = "Each name has letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "dask_timeout" {
  description = "Seconds that an install or upgrade of Dask may take until its pods are ready."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.dask_timeout >= 60 && var.dask_timeout <= 7200 && floor(var.dask_timeout) == var.dask_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
