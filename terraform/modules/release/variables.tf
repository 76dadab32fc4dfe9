variable "release" {
  description = "What Helm installs, as a module describes it; `secrets` and `secret_values` name entries of `secrets`."
  type = object({
    name          = string
    chart         = string
    repository    = string
    version       = string
    namespace     = string
    values        = string
    timeout       = number
    wait          = bool
    secrets       = map(map(string))
    secret_values = map(string)
    # ConfigMaps by name: texts, and what is written in base64.
    files            = optional(map(object({ data = optional(map(string), {}), binary = optional(map(string), {}) })), {})
    service_accounts = optional(list(string), [])
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$", var.release.name))
    error_message = "A release's name has 1 to 53 lower-case letters, digits and hyphens."
  }

  validation {
    condition     = var.release.repository == "" || can(regex("^(https|oci)://", var.release.repository))
    error_message = "A chart comes from a repository that begins with https:// or oci://, or, with none, from a folder of ours."
  }
}

variable "secrets" {
  description = "Values of secrets by name; those that the release doesn't name are left alone."
  type        = map(string)
  ephemeral   = true
  sensitive   = true
}

variable "secrets_revisions" {
  description = "How often each secret changed, by name: only when it did is a Secret written again."
  type        = map(number)
  nullable    = false
}

variable "failures" {
  description = "How often releases were found failed, by name; the count of this one is put behind its values."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "charts_directory" {
  description = "Folder that holds the chart as <chart>-<version>.tgz, instead of its repository; empty to fetch it from there."
  type        = string
  default     = ""
  nullable    = false
}
