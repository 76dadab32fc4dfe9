# Set by the stack alone.

variable "install_feast" {
  description = "Whether Feast is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "database_host" {
  description = "Host of the PostgreSQL server that holds Feast's database."
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

variable "valkey_host" {
  description = "Host of the Valkey or Redis server that holds the online features."
  type        = string
  default     = "feast-redis.data.svc.cluster.local"
  nullable    = false
}

variable "valkey_port" {
  description = "Port of that server."
  type        = number
  default     = 6379
  nullable    = false
}

variable "valkey_tls" {
  description = "Whether the connection to that server is encrypted."
  type        = bool
  default     = false
  nullable    = false
}
