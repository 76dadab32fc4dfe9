locals {
  dask_ports = var.install_dask ? [var.dask_scheduler_port, var.dask_dashboard_port] : []
}

variable "dask_scheduler_port" {
  description = "Port at which clients and workers reach the scheduler."
  type        = number
  default     = 8786
  nullable    = false

  validation {
    condition     = var.dask_scheduler_port >= 1024 && var.dask_scheduler_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.dask_scheduler_port) == var.dask_scheduler_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_dask || !contains(concat(local.jupyterhub_ports, local.prefect_ports), var.dask_scheduler_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "dask_dashboard_port" {
  description = "Port of Dask's dashboard."
  type        = number
  default     = 8787
  nullable    = false

  validation {
    condition     = var.dask_dashboard_port >= 1024 && var.dask_dashboard_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.dask_dashboard_port) == var.dask_dashboard_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_dask || !contains(concat(local.jupyterhub_ports, local.prefect_ports, [var.dask_scheduler_port]), var.dask_dashboard_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "dask_workers" {
  description = "How many Dask worker processes, one thread each."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.dask_workers >= 1 && var.dask_workers <= 64
    error_message = "The number of Dask workers is from 1 to 64."
  }

  validation {
    condition     = floor(var.dask_workers) == var.dask_workers
    error_message = "The number of Dask workers is a whole number."
  }
}

variable "dask_worker_memory" {
  description = "Memory limit of each Dask worker; above it the worker is restarted."
  type        = string
  default     = "1GiB"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(MiB|GiB)$", var.dask_worker_memory))
    error_message = "A worker's memory is a whole number of MiB or GiB, for example 512MiB or 2GiB."
  }
}
