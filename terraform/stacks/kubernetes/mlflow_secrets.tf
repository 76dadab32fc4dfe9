# Without a value they are null, so that a lost secrets file never blocks a destroy.

variable "mlflow_database_password" {
  description = "Password of MLflow's role in PostgreSQL."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.mlflow_database_password == null ? true : can(regex("^[A-Za-z0-9]{8,128}$", var.mlflow_database_password))
    error_message = "The password has 8 to 128 letters and digits: it becomes part of addresses."
  }

  validation {
    condition     = !var.install_mlflow || var.mlflow_database_password != null
    error_message = "MLflow needs the password of its database."
  }
}

variable "mlflow_admin_password" {
  description = "Password of MLflow's administrator."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.mlflow_admin_password == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.mlflow_admin_password))
    error_message = "The administrator's password has 12 to 128 letters and digits: it becomes part of addresses."
  }

  validation {
    condition     = !(var.install_mlflow && var.mlflow_authentication) || var.mlflow_admin_password != null
    error_message = "MLflow needs an administrator's password as long as it asks for one (mlflow_authentication)."
  }
}
