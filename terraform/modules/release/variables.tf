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

variable "secrets_revision" {
  description = "Raised when one of the release's secrets changes: only then are they written again."
  type        = number
  nullable    = false
}

variable "secret_revisions" {
  description = "Counters of Secrets that have one of their own, by the Secret's name: a copy of another module's secret is written again without an upgrade of the release."
  type        = map(number)
  default     = {}
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
