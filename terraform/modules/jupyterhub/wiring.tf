# Set by the stack alone.

variable "install_jupyterhub" {
  description = "Whether JupyterHub is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "storage_class" {
  description = "Storage class of users' homes; empty for the cluster's default."
  type        = string
  default     = ""
  nullable    = false
}

variable "database_host" {
  description = "Host of the PostgreSQL server that holds the hub's database."
  type        = string
  default     = "postgres.data.svc.cluster.local"
  nullable    = false
}

variable "database_port" {
  description = "Port of the PostgreSQL server."
  type        = number
  default     = 5432
  nullable    = false
}

variable "database_ssl_mode" {
  description = "How the connection to the PostgreSQL server is encrypted, as libpq names it: disable, require, verify-full."
  type        = string
  default     = "disable"
  nullable    = false
}

variable "environment" {
  description = "Environment variables by which notebooks reach the other modules."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "environment_secrets" {
  description = "Environment variables of notebooks that hold secrets: variable to the secret's name in the stack."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "deploys" {
  description = "Whether notebooks deploy models: then they speak to the API server."
  type        = bool
  default     = false
  nullable    = false
}

variable "egress_namespaces" {
  description = "Namespaces of the other modules, which notebooks may reach."
  type        = set(string)
  default     = []
  nullable    = false
}
