# Set by the stack alone.

variable "install_dask" {
  description = "Whether Dask is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}
