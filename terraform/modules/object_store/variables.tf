# Linked by the stack: each parameter is declared here alone.

variable "object_store_namespace" {
  description = "Namespace of the object store and its volume."
  type        = string
  default     = "data"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.object_store_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "object_store_external" {
  description = "Whether artifacts are in an S3 store of your own, whose buckets must be there; otherwise SeaweedFS is installed."
  type        = bool
  default     = false
  nullable    = false
}

variable "object_store_external_endpoint" {
  description = "Endpoint of the S3 store of your own, as https://s3.eu-central-1.amazonaws.com."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?)?$", var.object_store_external_endpoint))
    error_message = "An endpoint is http:// or https:// with a host and an optional port, without a path, as https://s3.example.com."
  }

  validation {
    condition     = !(var.install_object_store && var.object_store_external) || var.object_store_external_endpoint != ""
    error_message = "An S3 store of your own needs its endpoint."
  }
}

variable "object_store_region" {
  description = "Region that S3 requests are signed for; the installed store takes any."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,62}$", var.object_store_region))
    error_message = "A region has lower-case letters, digits and hyphens, as eu-central-1."
  }
}

variable "object_store_storage_size" {
  description = "Size of the store's volume; it can't shrink later."
  type        = string
  default     = "20Gi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi|Ti)$", var.object_store_storage_size))
    error_message = "A volume's size is a whole number of Mi, Gi or Ti, for example 8Gi."
  }
}

variable "object_store_cpu" {
  description = "CPU that the store's pod requests, as 100m or 1."
  type        = string
  default     = "100m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.object_store_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "object_store_memory" {
  description = "Memory that the store's pod requests, as 512Mi or 1Gi."
  type        = string
  default     = "512Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.object_store_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "object_store_timeout" {
  description = "Seconds that an install or upgrade of the store may take; making buckets alone may take 300."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.object_store_timeout >= 60 && var.object_store_timeout <= 7200 && floor(var.object_store_timeout) == var.object_store_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
