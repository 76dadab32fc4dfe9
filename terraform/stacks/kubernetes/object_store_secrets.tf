variable "object_store_access_key" {
  description = "Access key with which tools read and write their buckets."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store) || try(length(var.object_store_access_key) > 0, false)
    error_message = "The object store needs an access key."
  }
}

variable "object_store_secret_key" {
  description = "Secret key that belongs to the access key."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store) || try(length(var.object_store_secret_key) > 0, false)
    error_message = "The object store needs a secret key."
  }
}

variable "object_store_read_access_key" {
  description = "Access key of the installed store's second identity, which may only read."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && var.object_store_external_endpoint == "") || try(length(var.object_store_read_access_key) > 0, false)
    error_message = "The installed object store needs an access key for reading."
  }
}

variable "object_store_read_secret_key" {
  description = "Secret key that belongs to the access key for reading."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_object_store && var.object_store_external_endpoint == "") || try(length(var.object_store_read_secret_key) > 0, false)
    error_message = "The installed object store needs a secret key for reading."
  }
}
