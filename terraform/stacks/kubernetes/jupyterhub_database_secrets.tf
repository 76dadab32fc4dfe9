# Without a value it is null, so that a lost secrets file never blocks a destroy.

variable "jupyterhub_database_password" {
  description = "Password of the hub's role in PostgreSQL."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.jupyterhub_database_password == null ? true : can(regex("^[A-Za-z0-9]{8,128}$", var.jupyterhub_database_password))
    error_message = "The password has 8 to 128 letters and digits: it becomes part of addresses."
  }

  validation {
    condition     = !var.install_jupyterhub || var.jupyterhub_database_password != null
    error_message = "JupyterHub needs the password of its database."
  }
}
