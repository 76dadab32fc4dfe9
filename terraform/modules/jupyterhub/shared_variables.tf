variable "oauth_github_enable" {
  description = "Whether users sign in with their GitHub account; otherwise with the shared password."
  type        = bool
  default     = false
  nullable    = false
}

variable "oauth_github_client_id" {
  description = "Client ID of the GitHub OAuth app."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = !(var.install_jupyterhub && var.oauth_github_enable) || var.oauth_github_client_id != ""
    error_message = "Signing in with GitHub needs the client ID of a GitHub OAuth app."
  }
}

variable "oauth_github_admin_users" {
  description = "GitHub users who may sign in and administer JupyterHub."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for user in var.oauth_github_admin_users : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$", user))])
    error_message = "Each administrator is a GitHub user name: 1 to 39 letters, digits and hyphens."
  }

  validation {
    condition     = !(var.install_jupyterhub && var.oauth_github_enable) || length(var.oauth_github_admin_users) + length(compact(var.oauth_github_allowed_organizations)) > 0
    error_message = "Signing in with GitHub needs at least one administrator or one allowed organization: otherwise nobody could sign in."
  }
}

variable "oauth_github_callback_url" {
  description = "URL to which GitHub sends people back after they signed in, as the OAuth app has it; empty for JupyterHub's own address followed by /hub/oauth_callback."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(https?://[^ ]+/oauth_callback)?$", var.oauth_github_callback_url))
    error_message = "The callback URL is empty or begins with http:// or https:// and ends with /oauth_callback."
  }
}

variable "oauth_github_allowed_organizations" {
  description = "GitHub organizations whose members may sign in, or teams of one as organization:team; empty lets only the administrators in. Empty entries are left out."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for organization in var.oauth_github_allowed_organizations : can(regex("^([A-Za-z0-9][A-Za-z0-9_-]{0,38}(:[A-Za-z0-9_-]+)?)?$", organization))])
    error_message = "Each organization is a GitHub name of 1 to 39 letters, digits and hyphens, with :team behind it for one team of it."
  }
}
