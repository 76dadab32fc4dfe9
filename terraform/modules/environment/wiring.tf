# Set by the stack alone.

variable "image_registry" {
  description = "Registry that holds copies of all images under their own paths; empty for each image's own registry."
  type        = string
  default     = ""
  nullable    = false
}

variable "environment_packages" {
  description = "What singleuser_packages came to when it was resolved, as requirements with hashes: on top of the team's environment, and of the serving environment."
  type        = object({ environment = string, serving = string, key = optional(string, "") })
  default     = { environment = "", serving = "" }
  nullable    = false
}
