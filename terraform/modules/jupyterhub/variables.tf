# On Kubernetes only; the parameters of both targets are in shared_variables.tf.

variable "jupyterhub_namespace" {
  description = "Namespace of JupyterHub, its users' notebook servers and their homes."
  type        = string
  default     = "jhub"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.jupyterhub_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "jhub_proxy_https_enabled" {
  description = "Whether JupyterHub's own proxy serves HTTPS; turn it off behind an ingress or a gateway, and where only a port-forward is used."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = !(var.install_jupyterhub && var.jhub_proxy_https_enabled && var.jupyterhub_exposed && var.domain != "" && (var.ingress_class != "" || var.gateway_name != ""))
    error_message = "HTTPS is served either by JupyterHub's own proxy or by the ingress or gateway in front of it: turn jhub_proxy_https_enabled or jupyterhub_exposed off."
  }
}

variable "jhub_proxy_https_hosts" {
  description = "Host names under which browsers reach JupyterHub, for example hub.example.com; the first one is used in addresses. Empty entries are left out."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for host in var.jhub_proxy_https_hosts : can(regex("^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)?$", host))])
    error_message = "Each host is a plain name such as hub.example.com, without https://, port or path."
  }

  validation {
    condition     = !(var.install_jupyterhub && var.jhub_proxy_https_enabled) || length(compact(var.jhub_proxy_https_hosts)) > 0
    error_message = "HTTPS needs at least one host name: without one the proxy would silently serve plain HTTP. Give one, or turn jhub_proxy_https_enabled off."
  }
}

variable "jhub_proxy_https_letsencrypt_contact_email" {
  description = "Address to which Let's Encrypt writes about the certificate, when it makes it."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([^@ ]+@[^@ ]+[.][^@ ]+)?$", var.jhub_proxy_https_letsencrypt_contact_email))
    error_message = "The contact address is empty or an e-mail address such as ops@example.com."
  }

  validation {
    condition     = !(var.install_jupyterhub && var.jhub_proxy_https_enabled && var.jupyterhub_https_type == "letsencrypt") || var.jhub_proxy_https_letsencrypt_contact_email != ""
    error_message = "A certificate from Let's Encrypt needs a contact address."
  }
}

variable "jupyterhub_https_type" {
  description = "Where the proxy's certificate comes from: letsencrypt (made on its own), secret (the TLS Secret named by tls_secret), offload (a load balancer in front of it serves HTTPS)."
  type        = string
  default     = "letsencrypt"
  nullable    = false

  validation {
    condition     = contains(["letsencrypt", "secret", "offload"], var.jupyterhub_https_type)
    error_message = "The certificate's origin is letsencrypt, secret or offload."
  }

  validation {
    condition     = !(var.install_jupyterhub && var.jhub_proxy_https_enabled && var.jupyterhub_https_type == "secret") || var.tls_secret != ""
    error_message = "A certificate of your own needs tls_secret, the name of the Secret that holds it."
  }
}

variable "jupyterhub_letsencrypt_server" {
  description = "ACME directory that makes the certificate; empty for Let's Encrypt's own. Its staging directory is for trials."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(https://[^ ]+)?$", var.jupyterhub_letsencrypt_server))
    error_message = "The ACME directory is empty or begins with https://."
  }
}

variable "jupyterhub_service_type" {
  description = "Kind of Service in front of JupyterHub: ClusterIP (reached by port-forward, ingress or gateway), NodePort or LoadBalancer."
  type        = string
  default     = "ClusterIP"
  nullable    = false

  validation {
    condition     = contains(["ClusterIP", "NodePort", "LoadBalancer"], var.jupyterhub_service_type)
    error_message = "The kind of Service is ClusterIP, NodePort or LoadBalancer."
  }
}

variable "jupyterhub_exposed" {
  description = "Whether the ingress class or gateway, where one is set, publishes JupyterHub as jupyterhub.<domain>."
  type        = bool
  default     = true
  nullable    = false
}

variable "jupyterhub_shared_password_exposed" {
  description = "Confirms that one password shared by all users may guard a JupyterHub that is reached from outside the cluster; any user can then be any other."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.install_jupyterhub || var.oauth_github_enable || var.jupyterhub_shared_password_exposed || !(var.jhub_proxy_https_enabled || var.jupyterhub_service_type != "ClusterIP" || (var.jupyterhub_exposed && var.domain != "" && (var.ingress_class != "" || var.gateway_name != "")))
    error_message = "JupyterHub is reached from outside the cluster and one shared password is all that guards it: let users sign in with GitHub (oauth_github_enable), or confirm it with jupyterhub_shared_password_exposed."
  }
}

variable "jupyterhub_allow_named_servers" {
  description = "Whether a user may run several notebook servers at once, each with a name."
  type        = bool
  default     = false
  nullable    = false
}

variable "jupyterhub_database_name" {
  description = "Name of the hub's database."
  type        = string
  default     = "jupyterhub"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.jupyterhub_database_name))
    error_message = "A database's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "jupyterhub_database_user" {
  description = "Role with which the hub signs in to its database."
  type        = string
  default     = "jupyterhub"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.jupyterhub_database_user))
    error_message = "A role's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "jupyterhub_cpu" {
  description = "CPU that the hub's pod requests, as 50m or 1."
  type        = string
  default     = "50m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.jupyterhub_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "jupyterhub_memory" {
  description = "Memory that the hub's pod requests, as 256Mi or 1Gi."
  type        = string
  default     = "256Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.jupyterhub_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "jupyterhub_timeout" {
  description = "Seconds that an install or upgrade of JupyterHub may take until its pods are ready."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.jupyterhub_timeout >= 60 && var.jupyterhub_timeout <= 7200 && floor(var.jupyterhub_timeout) == var.jupyterhub_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
