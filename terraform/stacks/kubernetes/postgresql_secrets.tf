variable "postgresql_admin_password" {
  description = "Password of the installed server's administrator. The server takes it when it makes its volume, and keeps it."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_postgresql && !var.postgresql_external) || try(length(var.postgresql_admin_password) > 0, false)
    error_message = "PostgreSQL needs its administrator's password."
  }

  validation {
    condition     = var.postgresql_admin_password == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.postgresql_admin_password))
    error_message = "The administrator's password has 12 to 128 letters and digits."
  }
}

variable "postgresql_external_password" {
  description = "Password of the administrator of your own server, who makes the other modules' roles and databases."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_postgresql && var.postgresql_external && var.postgresql_create_databases) || try(length(var.postgresql_external_password) > 0, false)
    error_message = "Your own PostgreSQL server needs its administrator's password, unless postgresql_create_databases is off."
  }
}
