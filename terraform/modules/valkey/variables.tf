# Linked by the stack: each parameter is declared here alone.

variable "valkey_namespace" {
  description = "Namespace of Valkey and its volume."
  type        = string
  default     = "data"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.valkey_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "valkey_external" {
  description = "Whether online features are on a Redis or Valkey server of your own; otherwise one is installed."
  type        = bool
  default     = false
  nullable    = false
}

variable "valkey_external_host" {
  description = "Host of the Redis or Valkey server of your own."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)?$", var.valkey_external_host))
    error_message = "A host is a name or an address, without port or scheme, as db.example.com."
  }

  validation {
    condition     = !(var.install_valkey && var.valkey_external) || var.valkey_external_host != ""
    error_message = "A server of your own needs its host."
  }
}

variable "valkey_external_port" {
  description = "Port of your own server."
  type        = number
  default     = 6379
  nullable    = false

  validation {
    condition     = var.valkey_external_port >= 1 && var.valkey_external_port <= 65535 && floor(var.valkey_external_port) == var.valkey_external_port
    error_message = "A port is a whole number from 1 to 65535."
  }
}

variable "valkey_external_tls" {
  description = "Whether connections to your own server are encrypted."
  type        = bool
  default     = false
  nullable    = false
}

variable "valkey_storage_size" {
  description = "Size of the volume that keeps the online features; it can't shrink later."
  type        = string
  default     = "2Gi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi|Ti)$", var.valkey_storage_size))
    error_message = "A volume's size is a whole number of Mi, Gi or Ti, for example 8Gi."
  }
}

variable "valkey_cpu" {
  description = "CPU that the server's pod requests, as 50m or 1."
  type        = string
  default     = "50m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.valkey_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "valkey_memory" {
  description = "Memory that the server's pod requests, as 64Mi or 1Gi: online features are kept in memory."
  type        = string
  default     = "64Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.valkey_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "valkey_timeout" {
  description = "Seconds that an install or upgrade of Valkey may take."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.valkey_timeout >= 60 && var.valkey_timeout <= 7200 && floor(var.valkey_timeout) == var.valkey_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
