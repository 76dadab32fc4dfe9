# Linked by the stack: each parameter is declared here alone.

variable "postgresql_namespace" {
  description = "Namespace of PostgreSQL and its volume, and of the job that makes databases."
  type        = string
  default     = "data"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.postgresql_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "postgresql_external" {
  description = "Whether databases are on a PostgreSQL server of your own, version 15 or later; otherwise one is installed."
  type        = bool
  default     = false
  nullable    = false
}

variable "postgresql_external_host" {
  description = "Host of the PostgreSQL server of your own."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)?$", var.postgresql_external_host))
    error_message = "A host is a name or an address, without port or scheme, as db.example.com."
  }

  validation {
    condition     = !(var.install_postgresql && var.postgresql_external) || var.postgresql_external_host != ""
    error_message = "A server of your own needs its host."
  }
}

variable "postgresql_external_port" {
  description = "Port of your own server."
  type        = number
  default     = 5432
  nullable    = false

  validation {
    condition     = var.postgresql_external_port >= 1 && var.postgresql_external_port <= 65535 && floor(var.postgresql_external_port) == var.postgresql_external_port
    error_message = "A port is a whole number from 1 to 65535."
  }
}

variable "postgresql_external_ssl_mode" {
  description = "Whether connections to your own server are encrypted: disable, prefer (if the server offers it) or require."
  type        = string
  default     = "require"
  nullable    = false

  validation {
    condition     = contains(["disable", "prefer", "require"], var.postgresql_external_ssl_mode)
    error_message = "The choice is disable, prefer or require."
  }
}

variable "postgresql_admin_user" {
  description = "Role that makes the other modules' roles and databases; on your own server one with CREATEROLE and CREATEDB."
  type        = string
  default     = "postgres"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_-]{0,62}$", var.postgresql_admin_user))
    error_message = "A role's name has 1 to 63 letters, digits, hyphens and underscores, and doesn't begin with a digit."
  }

  validation {
    condition     = !var.install_postgresql || var.postgresql_external || var.postgresql_admin_user == "postgres"
    error_message = "The installed server's administrator is postgres; another name is for a server of your own."
  }
}

variable "postgresql_create_databases" {
  description = "Whether roles and databases are made, and passwords set; turn it off where your own server's administrator made them."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = !var.install_postgresql || var.postgresql_create_databases || var.postgresql_external
    error_message = "On the installed server nobody else makes the databases: turn postgresql_create_databases on."
  }
}

variable "postgresql_storage_size" {
  description = "Size of the server's volume; it can't shrink later."
  type        = string
  default     = "8Gi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi|Ti)$", var.postgresql_storage_size))
    error_message = "A volume's size is a whole number of Mi, Gi or Ti, for example 8Gi."
  }
}

variable "postgresql_max_connections" {
  description = "Connections that the installed server accepts at a time."
  type        = number
  default     = 200
  nullable    = false

  validation {
    condition     = var.postgresql_max_connections >= 50 && var.postgresql_max_connections <= 5000 && floor(var.postgresql_max_connections) == var.postgresql_max_connections
    error_message = "The number of connections is a whole number from 50 to 5000."
  }
}

variable "postgresql_cpu" {
  description = "CPU that the server's pod requests, as 50m or 1."
  type        = string
  default     = "50m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.postgresql_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "postgresql_memory" {
  description = "Memory that the server's pod requests, as 256Mi or 1Gi."
  type        = string
  default     = "256Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.postgresql_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "postgresql_timeout" {
  description = "Seconds that an install or upgrade of PostgreSQL, or the job that makes databases, may take."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.postgresql_timeout >= 60 && var.postgresql_timeout <= 7200 && floor(var.postgresql_timeout) == var.postgresql_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
