# Set by the stack alone.

variable "install_seldon" {
  description = "Whether Seldon is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}
