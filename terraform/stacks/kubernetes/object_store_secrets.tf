variable "object_store_access_key" {
  description = "Access key with which tools read and write their buckets in the installed store."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && !var.object_store_external) || try(length(var.object_store_access_key) > 0, false)
    error_message = "The installed object store needs its access key."
  }

  validation {
    condition     = var.object_store_access_key == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.object_store_access_key))
    error_message = "A key of the installed store has 12 to 128 letters and digits."
  }
}

variable "object_store_secret_key" {
  description = "Secret key that belongs to the access key."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && !var.object_store_external) || try(length(var.object_store_secret_key) > 0, false)
    error_message = "The installed object store needs its secret key."
  }

  validation {
    condition     = var.object_store_secret_key == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.object_store_secret_key))
    error_message = "A key of the installed store has 12 to 128 letters and digits."
  }
}

variable "object_store_read_access_key" {
  description = "Access key of the installed store's second identity, which may only read."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && !var.object_store_external) || try(length(var.object_store_read_access_key) > 0, false)
    error_message = "The installed object store needs its access key for reading."
  }

  validation {
    condition     = var.object_store_read_access_key == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.object_store_read_access_key))
    error_message = "A key of the installed store has 12 to 128 letters and digits."
  }
}

variable "object_store_read_secret_key" {
  description = "Secret key that belongs to the access key for reading."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && !var.object_store_external) || try(length(var.object_store_read_secret_key) > 0, false)
    error_message = "The installed object store needs its secret key for reading."
  }

  validation {
    condition     = var.object_store_read_secret_key == null ? true : can(regex("^[A-Za-z0-9]{12,128}$", var.object_store_read_secret_key))
    error_message = "A key of the installed store has 12 to 128 letters and digits."
  }
}

variable "object_store_external_access_key" {
  description = "Access key of your own S3 store."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && var.object_store_external) || try(length(var.object_store_external_access_key) > 0, false)
    error_message = "Your own S3 store needs its access key."
  }
}

variable "object_store_external_secret_key" {
  description = "Secret key of your own S3 store."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && var.object_store_external) || try(length(var.object_store_external_secret_key) > 0, false)
    error_message = "Your own S3 store needs its secret key."
  }
}
