# Declared by the stacks, which link this file; the module itself only says where each secret goes, by name.
# Without a value they are null, so that a lost secrets file never blocks a destroy.

variable "jhub_proxy_secret_token" {
  description = "Secret by which the hub and its proxy know each other: 64 hexadecimal digits, as `openssl rand -hex 32` makes them."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.jhub_proxy_secret_token == null ? true : can(regex("^[0-9a-fA-F]{64}$", var.jhub_proxy_secret_token))
    error_message = "The proxy's secret token has 64 hexadecimal digits, as `openssl rand -hex 32` makes them."
  }

  validation {
    condition     = !var.install_jupyterhub || var.jhub_proxy_secret_token != null
    error_message = "JupyterHub needs the proxy's secret token."
  }
}

variable "jupyterhub_shared_password" {
  description = "Password with which every user signs in, unless they sign in with GitHub."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.jupyterhub_shared_password == null ? true : length(var.jupyterhub_shared_password) >= 8
    error_message = "The shared password has at least 8 characters."
  }

  validation {
    condition     = !var.install_jupyterhub || var.oauth_github_enable || var.jupyterhub_shared_password != null
    error_message = "JupyterHub needs a shared password as long as users don't sign in with GitHub."
  }
}

variable "jupyterhub_admin_password" {
  description = "Password with which the user `admin` signs in, unless users sign in with GitHub."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.jupyterhub_admin_password == null ? true : length(var.jupyterhub_admin_password) >= 32
    error_message = "The administrator's password has at least 32 characters."
  }

  validation {
    condition     = !var.install_jupyterhub || var.oauth_github_enable || var.jupyterhub_admin_password != null
    error_message = "JupyterHub needs an administrator's password as long as users don't sign in with GitHub."
  }
}

variable "jupyterhub_verify_token" {
  description = "Token with which `verify` enters JupyterHub, as a service of its own: 64 hexadecimal digits."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.jupyterhub_verify_token == null ? true : can(regex("^[0-9a-fA-F]{64}$", var.jupyterhub_verify_token))
    error_message = "The token of `verify` has 64 hexadecimal digits."
  }

  validation {
    condition     = !var.install_jupyterhub || var.jupyterhub_verify_token != null
    error_message = "JupyterHub needs the token with which `verify` enters it."
  }
}

variable "oauth_github_client_secret" {
  description = "Client secret of the GitHub OAuth app."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = !(var.install_jupyterhub && var.oauth_github_enable) || try(length(var.oauth_github_client_secret) > 0, false)
    error_message = "Signing in with GitHub needs the client secret of the GitHub OAuth app."
  }
}
