# Set by the stack alone.

variable "install_object_store" {
  description = "Whether the object store is to be installed: rules across parameters hold only then."
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

variable "buckets" {
  description = "Buckets that are made."
  type        = set(string)
  default     = []
  nullable    = false
}
