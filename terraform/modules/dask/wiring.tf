# Set by the stack alone.

variable "install_dask" {
  description = "Whether Dask is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "environment" {
  description = "Environment variables by which tasks reach the other modules."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "environment_secrets" {
  description = "Environment variables of tasks that hold secrets: variable to the secret's name in the stack."
  type        = map(string)
  default     = {}
  nullable    = false
}
