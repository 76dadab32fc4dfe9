# On Kubernetes only: where the environment and the serving environment come from.

variable "environment_image" {
  description = "Image of the team's environment, with a tag, for notebooks, flow runs, Dask's scheduler and workers, as `make image` builds it or a release publishes it; empty to have each pod install it from the package index when it starts."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9][A-Za-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$", var.environment_image))
    error_message = "The image is empty or a name with a tag, for example registry.example.com/team/environment:1.2."
  }

  validation {
    condition     = var.environment_image == "" || length(var.singleuser_packages) == 0
    error_message = "Extra packages (singleuser_packages) can't be added to an image when it starts: build them in, `make image PACKAGES=\"polars\"`, and leave the parameter empty."
  }
}

variable "serving_image" {
  description = "Image of the serving environment, with a tag, for served models; empty to have each model's pod install it from the package index when it starts."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9][A-Za-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$", var.serving_image))
    error_message = "The image is empty or a name with a tag, for example registry.example.com/team/serving:1.2."
  }

  validation {
    condition     = var.serving_image == "" || length(var.singleuser_packages) == 0
    error_message = "Extra packages (singleuser_packages) can't be added to an image when it starts: build them in, `make image PACKAGES=\"polars\"`, and leave the parameter empty."
  }
}

variable "environment_image_pull_policy" {
  description = "When nodes pull the images of both environments: Always, IfNotPresent or Never."
  type        = string
  default     = "IfNotPresent"
  nullable    = false

  validation {
    condition     = contains(["Always", "IfNotPresent", "Never"], var.environment_image_pull_policy)
    error_message = "The pull policy is Always, IfNotPresent or Never."
  }
}

variable "environment_image_pull_secrets" {
  description = "Secrets, in the namespaces of JupyterHub, Prefect, Dask and Seldon, with which nodes pull the images of both environments from a private registry. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.environment_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "environment_storage_size" {
  description = "Most that an installed environment may take of its node's disk, in each pod, where no image holds it."
  type        = string
  default     = "6Gi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.environment_storage_size))
    error_message = "The size is a whole number of Mi or Gi, for example 6Gi."
  }
}

variable "package_index" {
  description = "Package index (PEP 503) from which pods install the environments, where no image holds them: PyPI, or a mirror of yours."
  type        = string
  default     = "https://pypi.org/simple"
  nullable    = false

  validation {
    condition     = can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?$", var.package_index))
    error_message = "The package index is an address such as https://pypi.example.com/simple, without user or password: these are package_index_user and package_index_password."
  }
}

variable "package_index_authentication" {
  description = "Whether the package index asks for a user and a password."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.package_index_authentication || startswith(var.package_index, "https://")
    error_message = "A password goes to a package index over https:// only."
  }
}
