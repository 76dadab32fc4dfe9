variable "seldon_port" {
  description = "Port at which models are served over HTTP."
  type        = number
  default     = 8080
  nullable    = false

  validation {
    condition     = var.seldon_port >= 1024 && var.seldon_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.seldon_port) == var.seldon_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_seldon || !contains(concat(local.jupyterhub_ports, local.prefect_ports, local.dask_ports, local.feast_ports, local.mlflow_ports), var.seldon_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "seldon_grpc_port" {
  description = "Port at which models are served over gRPC."
  type        = number
  default     = 8082
  nullable    = false

  validation {
    condition     = var.seldon_grpc_port >= 1024 && var.seldon_grpc_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.seldon_grpc_port) == var.seldon_grpc_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_seldon || !contains(concat(local.jupyterhub_ports, local.prefect_ports, local.dask_ports, local.feast_ports, local.mlflow_ports, [var.seldon_port]), var.seldon_grpc_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "seldon_metrics_port" {
  description = "Port at which the server tells its metrics."
  type        = number
  default     = 8083
  nullable    = false

  validation {
    condition     = var.seldon_metrics_port >= 1024 && var.seldon_metrics_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.seldon_metrics_port) == var.seldon_metrics_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_seldon || !contains(concat(local.jupyterhub_ports, local.prefect_ports, local.dask_ports, local.feast_ports, local.mlflow_ports, [var.seldon_port, var.seldon_grpc_port]), var.seldon_metrics_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "seldon_models_directory" {
  description = "Absolute folder of models to serve, in MLServer's layout (a folder with model-settings.json each); empty for the sample model `iris`."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(/.*)?$", var.seldon_models_directory))
    error_message = "The models' folder is empty or an absolute path such as /srv/models."
  }
}
