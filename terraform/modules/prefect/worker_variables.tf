# On Kubernetes only: the worker, and the Jobs that it starts for flow runs.

variable "prefect_worker_enabled" {
  description = "Whether a worker runs flows in this cluster, each as a Job in Prefect's namespace."
  type        = bool
  default     = true
  nullable    = false
}

variable "prefect_work_pool" {
  description = "Name of the work pool whose flow runs the worker takes; made when the worker starts."
  type        = string
  default     = "kubernetes-pool"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", var.prefect_work_pool))
    error_message = "The work pool's name has 1 to 63 letters, digits, dots, hyphens and underscores, and begins with a letter or digit."
  }

  validation {
    condition     = !startswith(lower(var.prefect_work_pool), "prefect")
    error_message = "Prefect keeps names that begin with \"prefect\" for itself; choose another one."
  }
}

variable "prefect_work_queues" {
  description = "Queues of the work pool that the worker takes flow runs from; empty for all."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for queue in var.prefect_work_queues : can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", queue))])
    error_message = "Each queue has 1 to 63 letters, digits, dots, hyphens and underscores, and begins with a letter or digit."
  }
}

variable "prefect_worker_replicas" {
  description = "How many workers."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.prefect_worker_replicas >= 1 && var.prefect_worker_replicas <= 50
    error_message = "The number of workers is from 1 to 50."
  }

  validation {
    condition     = floor(var.prefect_worker_replicas) == var.prefect_worker_replicas
    error_message = "The number of workers is a whole number."
  }
}

variable "prefect_job_image" {
  description = "Another image of flow runs than the team's environment, with a tag; empty for the environment. A run may name one of its own."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9][A-Za-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$", var.prefect_job_image))
    error_message = "The image is empty or a name with a tag, for example registry.example.com/team/flows:1.2."
  }
}

variable "prefect_job_ttl" {
  description = "Seconds that a finished flow run's Job and its log stay in the cluster."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.prefect_job_ttl >= 0 && var.prefect_job_ttl <= 2592000 && floor(var.prefect_job_ttl) == var.prefect_job_ttl
    error_message = "The time is a whole number of seconds from 0 to 2592000 (30 days)."
  }
}

variable "prefect_worker_cpu" {
  description = "CPU that a worker's pod requests, as 100m or 1."
  type        = string
  default     = "100m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.prefect_worker_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "prefect_worker_memory" {
  description = "Memory that a worker's pod requests, as 256Mi or 1Gi."
  type        = string
  default     = "256Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.prefect_worker_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}
