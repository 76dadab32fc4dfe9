variable "valkey_password" {
  description = "Password of the server that keeps the online features; on a server of your own it may be empty."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_valkey && var.valkey_external_host == "") || try(length(var.valkey_password) > 0, false)
    error_message = "Valkey needs a password."
  }

  validation {
    condition     = var.valkey_password == null ? true : can(regex("^[A-Za-z0-9]*$", var.valkey_password))
    error_message = "The password has letters and digits only: Feast takes it from a text of settings parted by commas."
  }
}
