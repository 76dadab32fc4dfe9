variable "postgresql_admin_password" {
  description = "Password of PostgreSQL's administrator. The installed server takes it when it makes its volume, and keeps it."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_postgresql && (var.postgresql_external_host == "" || var.postgresql_create_databases)) || try(length(var.postgresql_admin_password) > 0, false)
    error_message = "PostgreSQL needs its administrator's password."
  }

  validation {
    condition     = var.postgresql_admin_password == null || var.postgresql_external_host != "" ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.postgresql_admin_password))
    error_message = "The administrator's password of the installed server has 12 to 128 letters and digits."
  }
}
