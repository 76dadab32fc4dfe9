# Without a value they are null, so that a lost secrets file never blocks a destroy.

variable "package_index_user" {
  description = "User with which pods enter the package index."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !var.package_index_authentication || try(length(var.package_index_user) > 0, false)
    error_message = "A package index that asks for a user and a password needs the user."
  }
}

variable "package_index_password" {
  description = "Password, or token, that belongs to the package index's user."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !var.package_index_authentication || try(length(var.package_index_password) > 0, false)
    error_message = "A package index that asks for a user and a password needs the password."
  }
}
