# Set by the stack alone.

variable "install_postgresql" {
  description = "Whether PostgreSQL is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "storage_class" {
  description = "Storage class of the volume; empty for the cluster's default."
  type        = string
  default     = ""
  nullable    = false
}

variable "databases" {
  description = "Databases of the chosen modules, each with its role and the name of the role's password in the stack's secrets."
  type        = list(object({ name = string, user = string, password = string }))
  default     = []
  nullable    = false
}
