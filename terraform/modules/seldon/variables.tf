# On Kubernetes only.

variable "seldon_namespace" {
  description = "Namespace of Seldon's operator and of served models."
  type        = string
  default     = "seldon"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.seldon_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "seldon_version" {
  description = "Version of Seldon Core: 1.17.1, the last one under the Apache License 2.0, or 1.18.2, under the Business Source License 1.1."
  type        = string
  default     = "1.17.1"
  nullable    = false

  validation {
    condition     = contains(["1.17.1", "1.18.2"], var.seldon_version)
    error_message = "The version is 1.17.1 or 1.18.2."
  }
}

variable "seldon_licence_accepted" {
  description = "Accepts the Business Source License 1.1 of Seldon Core 1.18 and later: free where it isn't production, while production needs a paid licence from Seldon; each version comes under the Apache License 2.0 four years after its release. The text: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/LICENSE"
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.install_seldon || var.seldon_version == "1.17.1" || var.seldon_licence_accepted
    error_message = "Seldon Core from 1.18 on is under the Business Source License 1.1, which forbids production without a paid licence: read it at https://github.com/SeldonIO/seldon-core/blob/v1.18.2/LICENSE, then accept it with seldon_licence_accepted = true, or take version 1.17.1."
  }
}

variable "seldon_usage_metrics_enabled" {
  description = "Whether Seldon's operator reports its use to Seldon."
  type        = bool
  default     = false
  nullable    = false
}

variable "seldon_istio_enabled" {
  description = "Whether Seldon publishes models through Istio, which must be there."
  type        = bool
  default     = false
  nullable    = false
}

variable "seldon_istio_gateway" {
  description = "Istio's gateway for models, as namespace/name."
  type        = string
  default     = "istio-system/seldon-gateway"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", var.seldon_istio_gateway))
    error_message = "The gateway is written namespace/name."
  }
}

variable "seldon_cert_manager_enabled" {
  description = "Whether cert-manager, which must be there, makes the certificate of Seldon's webhook. Otherwise Helm makes one for a year: without an upgrade in that time, no model can be made or changed any more."
  type        = bool
  default     = false
  nullable    = false
}

variable "seldon_sample_model" {
  description = "Whether the sample model iris is served, with which `verify` predicts."
  type        = bool
  default     = true
  nullable    = false
}

variable "seldon_service_type" {
  description = "Kind of Service in front of all served models: ClusterIP, NodePort or LoadBalancer. Models ask for no password."
  type        = string
  default     = "ClusterIP"
  nullable    = false

  validation {
    condition     = contains(["ClusterIP", "NodePort", "LoadBalancer"], var.seldon_service_type)
    error_message = "The kind of Service is ClusterIP, NodePort or LoadBalancer."
  }
}

variable "seldon_exposed" {
  description = "Whether the ingress class or gateway, where one is set, publishes all served models as seldon.<domain>. They ask for no password."
  type        = bool
  default     = false
  nullable    = false
}

variable "seldon_image_pull_secrets" {
  description = "Secrets, in Seldon's namespace, with which nodes pull the images of models and of the router from a private registry. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.seldon_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "seldon_model_cpu" {
  description = "CPU that each served model requests, as 100m or 1."
  type        = string
  default     = "50m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.seldon_model_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "seldon_model_memory" {
  description = "Memory that each served model requests, as 512Mi or 1Gi."
  type        = string
  default     = "512Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.seldon_model_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "seldon_model_memory_limit" {
  description = "Memory above which a served model is ended and started again, as 2Gi; empty for no limit."
  type        = string
  default     = "2Gi"
  nullable    = false

  validation {
    condition     = can(regex("^([1-9][0-9]{0,5}(Mi|Gi))?$", var.seldon_model_memory_limit))
    error_message = "The limit is empty or a whole number of Mi or Gi, for example 2Gi."
  }
}

variable "seldon_deploy_from_notebooks" {
  description = "Whether notebooks and flow runs may deploy models to Seldon. Who may do that runs programs of his own in Seldon's namespace, with the object store's keys that models read by: switch it off where users must not, and deploy by a pipeline of yours."
  type        = bool
  default     = true
  nullable    = false
}

variable "seldon_timeout" {
  description = "Seconds that an install or upgrade of Seldon may take until its pods are ready."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.seldon_timeout >= 60 && var.seldon_timeout <= 7200 && floor(var.seldon_timeout) == var.seldon_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
