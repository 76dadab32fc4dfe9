# Set by the stack alone.

variable "install_mlflow" {
  description = "Whether MLflow is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "database_host" {
  description = "Host of the PostgreSQL server that holds MLflow's database."
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

variable "object_store_endpoint" {
  description = "Address of the object store that holds artifacts; empty for AWS's own S3."
  type        = string
  default     = "http://seaweedfs-all-in-one.data.svc.cluster.local:8333"
  nullable    = false
}

variable "object_store_external" {
  description = "Whether that store is the operator's own: then nobody here makes its bucket."
  type        = bool
  default     = false
  nullable    = false
}

variable "object_store_region" {
  description = "Region of the object store."
  type        = string
  default     = "us-east-1"
  nullable    = false
}
