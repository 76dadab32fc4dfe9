# Each port is compared with those declared before it: rules that named each other would be a cycle.
locals {
  jupyterhub_ports = var.install_jupyterhub ? [var.jupyterhub_port, var.jupyterhub_hub_port, var.jupyterhub_proxy_api_port] : []
}

variable "jupyterhub_port" {
  description = "Port where browsers reach JupyterHub."
  type        = number
  default     = 8000
  nullable    = false

  validation {
    condition     = var.jupyterhub_port >= 1024 && var.jupyterhub_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.jupyterhub_port) == var.jupyterhub_port
    error_message = "A port is a whole number."
  }
}

variable "jupyterhub_hub_port" {
  description = "Port of the hub's own API, used by its notebook servers."
  type        = number
  default     = 8081
  nullable    = false

  validation {
    condition     = var.jupyterhub_hub_port >= 1024 && var.jupyterhub_hub_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.jupyterhub_hub_port) == var.jupyterhub_hub_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_jupyterhub || !contains([var.jupyterhub_port], var.jupyterhub_hub_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "jupyterhub_proxy_api_port" {
  description = "Port by which the hub steers its proxy."
  type        = number
  default     = 8001
  nullable    = false

  validation {
    condition     = var.jupyterhub_proxy_api_port >= 1024 && var.jupyterhub_proxy_api_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.jupyterhub_proxy_api_port) == var.jupyterhub_proxy_api_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_jupyterhub || !contains([var.jupyterhub_port, var.jupyterhub_hub_port], var.jupyterhub_proxy_api_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}
