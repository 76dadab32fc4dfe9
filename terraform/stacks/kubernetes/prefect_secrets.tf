# Without a value they are null, so that a lost secrets file never blocks a destroy.

variable "prefect_database_password" {
  description = "Password of Prefect's role in PostgreSQL."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.prefect_database_password == null ? true : can(regex("^[A-Za-z0-9]{8,128}$", var.prefect_database_password))
    error_message = "The password has 8 to 128 letters and digits: it becomes part of addresses."
  }

  validation {
    condition     = !var.install_prefect || var.prefect_database_password != null
    error_message = "Prefect needs the password of its database."
  }
}

variable "prefect_admin_password" {
  description = "Password with which the user `admin`, the worker and notebooks enter Prefect."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.prefect_admin_password == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.prefect_admin_password))
    error_message = "The administrator's password has 12 to 128 letters and digits: it becomes part of addresses."
  }

  validation {
    condition     = !(var.install_prefect && var.prefect_authentication) || var.prefect_admin_password != null
    error_message = "Prefect needs an administrator's password as long as it asks for one (prefect_authentication)."
  }
}
