variable "valkey_password" {
  description = "Password of the installed server that keeps the online features."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_valkey && !var.valkey_external) || try(length(var.valkey_password) > 0, false)
    error_message = "Valkey needs a password."
  }

  validation {
    condition     = var.valkey_password == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.valkey_password))
    error_message = "Valkey's password has 12 to 128 letters and digits."
  }
}

variable "valkey_external_password" {
  description = "Password of your own Redis server; without one Feast signs in with none."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.valkey_external_password == null ? true : can(regex("^[^,\\s\"\\\\]*$", var.valkey_external_password))
    error_message = "The password has no commas, spaces, double quotes and backslashes: Feast takes it from a text of settings."
  }
}
