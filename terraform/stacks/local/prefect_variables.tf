locals {
  prefect_ports = var.install_prefect ? [var.prefect_port, var.prefect_worker_health_port] : []
}

variable "prefect_port" {
  description = "Port of Prefect's API and pages."
  type        = number
  default     = 4200
  nullable    = false

  validation {
    condition     = var.prefect_port >= 1024 && var.prefect_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.prefect_port) == var.prefect_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_prefect || !contains(local.jupyterhub_ports, var.prefect_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "prefect_worker_health_port" {
  description = "Port at which the worker tells its health."
  type        = number
  default     = 4201
  nullable    = false

  validation {
    condition     = var.prefect_worker_health_port >= 1024 && var.prefect_worker_health_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.prefect_worker_health_port) == var.prefect_worker_health_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_prefect || !contains(concat(local.jupyterhub_ports, [var.prefect_port]), var.prefect_worker_health_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "prefect_work_pool" {
  description = "Name of the Prefect work pool whose flow runs this machine's worker takes."
  type        = string
  default     = "local-pool"
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
