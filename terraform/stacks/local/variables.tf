variable "install_jupyterhub" {
  description = "Install JupyterHub: a notebook server for each user."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_prefect" {
  description = "Install Prefect: a server and a worker for data flows."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_dask" {
  description = "Install Dask: a scheduler and workers for distributed computing."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_feast" {
  description = "Install Feast: a feature store and its online server."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_mlflow" {
  description = "Install MLflow: experiment tracking and a model registry."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_seldon" {
  description = "Install Seldon's MLServer: models served over HTTP and gRPC."
  type        = bool
  default     = true
  nullable    = false
}

variable "service_digests" {
  description = "What each tool's service is made from (locks, configuration), as one SHA-256 by tool: a changed one re-creates that service alone."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "secrets_revisions" {
  description = "How often the deployment saw a secret change, by the secret's name: counted so that a plan sees it."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "environment_packages" {
  description = "What singleuser_packages came to when it was resolved, as requirements with hashes: on top of the team's environment, and of the serving environment."
  type        = object({ environment = string, serving = string, key = optional(string, "") })
  default     = { environment = "", serving = "" }
  nullable    = false
}
