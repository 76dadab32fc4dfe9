variable "tool" {
  description = "The tool to run: the name of a file in the installer's local/tools."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.tool))
    error_message = "tool is lower-case letters, digits and underscores, and starts with a letter."
  }
}

variable "settings" {
  description = "What the tool is told, as an object; its own names, no secret. A change re-creates this tool alone."
  type        = any
  default     = {}
}

variable "digest" {
  description = "SHA-256 over the tool's locks and rules in the installed version; a change re-creates this tool alone."
  type        = string
  default     = ""
  nullable    = false
}
