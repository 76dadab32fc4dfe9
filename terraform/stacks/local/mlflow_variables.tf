locals {
  mlflow_ports = var.install_mlflow ? [var.mlflow_port] : []
}

variable "mlflow_port" {
  description = "Port of MLflow's API and pages."
  type        = number
  default     = 5000
  nullable    = false

  validation {
    condition     = var.mlflow_port >= 1024 && var.mlflow_port <= 65535
    error_message = "A port is from 1024 to 65535."
  }

  validation {
    condition     = floor(var.mlflow_port) == var.mlflow_port
    error_message = "A port is a whole number."
  }

  validation {
    condition     = !var.install_mlflow || !contains(concat(local.jupyterhub_ports, local.prefect_ports, local.dask_ports, local.feast_ports), var.mlflow_port)
    error_message = "Another service of this deployment has this port; choose one of its own."
  }
}

variable "mlflow_artifact_root" {
  description = "Where MLflow keeps artifacts: an absolute folder or a URI such as s3://bucket/path; empty for a folder inside the deployment."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(/.*|[a-z][a-z0-9+.-]*://.+)?$", var.mlflow_artifact_root))
    error_message = "The artifact root is empty, an absolute folder such as /srv/artifacts, or a URI such as s3://bucket/path."
  }
}
