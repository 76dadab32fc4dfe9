locals {
  feast_ports = var.install_feast ? [var.feast_port] : []
}

variable "feast_port" {
  description = "Port of the online feature server."
  type        = number
  default     = 6566
  nullable    = false

  validation {
    condition     = var.feast_port >= 1024 && var.feast_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.feast_port) == var.feast_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_feast || !contains(concat(local.jupyterhub_ports, local.prefect_ports, local.dask_ports), var.feast_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "feast_project" {
  description = "Name of the Feast project that holds the sample features."
  type        = string
  default     = "demo"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_]{0,62}$", var.feast_project))
    error_message = "The project's name has 1 to 63 letters, digits and underscores, and begins with a letter or digit."
  }
}
