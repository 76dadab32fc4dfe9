# Set by the stack alone.

variable "image_registry" {
  description = "Registry that holds copies of all images under their own paths; empty for each image's own registry."
  type        = string
  default     = ""
  nullable    = false
}
