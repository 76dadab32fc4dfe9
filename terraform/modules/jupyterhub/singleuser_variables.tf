# On Kubernetes only: what a user's notebook server is made of.

variable "singleuser_profile_list" {
  description = "Environments among which users choose when their server starts, each with an image; exactly one is the default. Empty for one environment without a choice."
  type = list(object({
    display_name = string
    description  = optional(string, "")
    default      = optional(bool, false)
    kubespawner_override = optional(object({
      image         = optional(string)
      cpu_guarantee = optional(number)
      cpu_limit     = optional(number)
      mem_guarantee = optional(string)
      mem_limit     = optional(string)
    }), {})
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.singleuser_profile_list) == 0 || length([for profile in var.singleuser_profile_list : profile if profile.default]) == 1
    error_message = "Exactly one environment is the default."
  }

  validation {
    condition     = alltrue([for profile in var.singleuser_profile_list : profile.display_name != ""]) && length(distinct([for profile in var.singleuser_profile_list : profile.display_name])) == length(var.singleuser_profile_list)
    error_message = "Each environment has a display name of its own."
  }
}

variable "singleuser_image" {
  description = "Another image of notebook servers than the team's environment, as name:tag; empty for the environment. What is in it is yours: the environment isn't added."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9][A-Za-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$", var.singleuser_image))
    error_message = "The image is empty or a name with a tag, for example quay.io/jupyter/datascience-notebook:2026-11-02."
  }
}

variable "singleuser_image_pull_secrets" {
  description = "Secrets, in JupyterHub's namespace, with which nodes pull notebook images from private registries. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.singleuser_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "singleuser_image_pull_policy" {
  description = "When nodes pull notebook images: Always, IfNotPresent or Never."
  type        = string
  default     = "Always"
  nullable    = false

  validation {
    condition     = contains(["Always", "IfNotPresent", "Never"], var.singleuser_image_pull_policy)
    error_message = "The pull policy is Always, IfNotPresent or Never."
  }
}

variable "singleuser_cpu_guarantee" {
  description = "CPU in cores that each notebook server surely has, as 0.05 or 2; 0 for none, which a quota on CPU refuses."
  type        = number
  default     = 0.05
  nullable    = false

  validation {
    condition     = var.singleuser_cpu_guarantee >= 0
    error_message = "CPU is a number of cores from 0 on, for example 0.5."
  }
}

variable "singleuser_memory_guarantee" {
  description = "Memory that each notebook server surely has, as 512M or 1G."
  type        = string
  default     = "1G"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+([.][0-9]+)?[KMGT]?$", var.singleuser_memory_guarantee))
    error_message = "The memory is a number of K, M, G or T, for example 512M or 1.5G."
  }
}

variable "singleuser_memory_limit" {
  description = "Memory above which a notebook server is ended, as 2G; empty for no limit."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([0-9]+([.][0-9]+)?[KMGT]?)?$", var.singleuser_memory_limit))
    error_message = "The limit is empty or a number of K, M, G or T, for example 2G."
  }
}

variable "singleuser_storage_capacity" {
  description = "Size of each user's home volume, as 1G or 10Gi."
  type        = string
  default     = "1G"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]*(k|Ki|M|Mi|G|Gi|T|Ti)?$", var.singleuser_storage_capacity))
    error_message = "The size is a number with a unit, for example 1G or 10Gi."
  }
}

variable "singleuser_storage_mount_path" {
  description = "Folder at which a user's volume is mounted; what is written elsewhere is lost when the server stops."
  type        = string
  default     = "/home/jovyan/persistent"
  nullable    = false

  validation {
    condition     = can(regex("^/[^: ]+$", var.singleuser_storage_mount_path))
    error_message = "The folder is an absolute path such as /home/jovyan."
  }
}

variable "singleuser_default_url" {
  description = "Page on which a user lands: /lab or /tree."
  type        = string
  default     = "/lab"
  nullable    = false

  validation {
    condition     = can(regex("^/[^ ]*$", var.singleuser_default_url))
    error_message = "The page is a path that begins with a slash, for example /lab."
  }
}
