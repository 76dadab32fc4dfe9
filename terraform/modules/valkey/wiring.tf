# Set by the stack alone.

variable "install_valkey" {
  description = "Whether Valkey is to be installed: rules across parameters hold only then."
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
