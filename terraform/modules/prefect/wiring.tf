# Set by the stack alone.

variable "install_prefect" {
  description = "Whether Prefect is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "database_host" {
  description = "Host of the PostgreSQL server that holds Prefect's database."
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
  description = "Environment variables by which flow runs reach the other modules."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "environment_secrets" {
  description = "Environment variables of flow runs that hold secrets: variable to the secret's name in the stack."
  type        = map(string)
  default     = {}
  nullable    = false
}
