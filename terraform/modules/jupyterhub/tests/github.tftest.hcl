# Plans only: the module touches no cluster.

variables {
  jhub_proxy_https_enabled = false
}

run "github_asks_for_memberships" {
  command = plan

  variables {
    oauth_github_enable                = true
    oauth_github_client_id             = "id"
    oauth_github_allowed_organizations = ["", "acme", "acme:team"]
    oauth_github_admin_users           = ["octocat"]
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.JupyterHub.authenticator_class == "github" && yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.client_id == "id"
    error_message = "GitHub must be the authenticator"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.allowed_organizations == ["acme", "acme:team"]
    error_message = "empty organizations must be left out"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.scope == ["read:org"]
    error_message = "without read:org only public memberships count"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.Authenticator.admin_users == ["octocat"]
    error_message = "administrators must reach the hub"
  }

  assert {
    condition     = !can(yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.client_secret) && !can(yamldecode(output.releases.jupyterhub.values).hub.config.Authenticator.allow_all)
    error_message = "the client secret isn't among the values, and not everybody may enter"
  }
}

run "the_callback_is_derived_from_the_first_host" {
  command = plan

  variables {
    oauth_github_enable                        = true
    oauth_github_client_id                     = "id"
    oauth_github_admin_users                   = ["octocat"]
    jhub_proxy_https_enabled                   = true
    jhub_proxy_https_hosts                     = ["hub.example.com", "lab.example.com"]
    jhub_proxy_https_letsencrypt_contact_email = "ops@example.com"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.oauth_callback_url == "https://hub.example.com/hub/oauth_callback"
    error_message = "the callback is the first host's"
  }
}

run "the_callback_is_derived_from_the_ingress" {
  command = plan

  variables {
    oauth_github_enable      = true
    oauth_github_client_id   = "id"
    oauth_github_admin_users = ["octocat"]
    domain                   = "example.com"
    ingress_class            = "traefik"
    tls_secret               = "wildcard"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.oauth_callback_url == "https://jupyterhub.example.com/hub/oauth_callback"
    error_message = "the callback is the ingress's"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).ingress.tls[0].secretName == "wildcard"
    error_message = "the ingress serves with the Secret"
  }
}

run "the_callback_of_a_port_forward_is_this_machine" {
  command = plan

  variables {
    oauth_github_enable      = true
    oauth_github_client_id   = "id"
    oauth_github_admin_users = ["octocat"]
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.oauth_callback_url == "http://localhost:8000/hub/oauth_callback"
    error_message = "the callback is the port-forward's"
  }
}

run "a_given_callback_stays" {
  command = plan

  variables {
    oauth_github_enable       = true
    oauth_github_client_id    = "id"
    oauth_github_admin_users  = ["octocat"]
    oauth_github_callback_url = "https://hub.example.org/hub/oauth_callback"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.GitHubOAuthenticator.oauth_callback_url == "https://hub.example.org/hub/oauth_callback"
    error_message = "the given one must be used"
  }
}

run "github_may_be_exposed" {
  command = plan

  variables {
    oauth_github_enable      = true
    oauth_github_client_id   = "id"
    oauth_github_admin_users = ["octocat"]
    jupyterhub_service_type  = "LoadBalancer"
  }
}

run "rejects_github_without_client_id" {
  command = plan

  variables {
    oauth_github_enable      = true
    oauth_github_admin_users = ["octocat"]
  }

  expect_failures = [var.oauth_github_client_id]
}

run "rejects_github_that_lets_nobody_in" {
  command = plan

  variables {
    oauth_github_enable                = true
    oauth_github_client_id             = "id"
    oauth_github_allowed_organizations = [""]
  }

  expect_failures = [var.oauth_github_admin_users]
}

run "rejects_administrator_with_space" {
  command = plan

  variables {
    oauth_github_admin_users = ["octo cat"]
  }

  expect_failures = [var.oauth_github_admin_users]
}

run "rejects_organization_with_space" {
  command = plan

  variables {
    oauth_github_allowed_organizations = ["my org"]
  }

  expect_failures = [var.oauth_github_allowed_organizations]
}

run "rejects_callback_without_scheme" {
  command = plan

  variables {
    oauth_github_callback_url = "hub.example.com/hub/oauth_callback"
  }

  expect_failures = [var.oauth_github_callback_url]
}

run "rules_hold_only_when_it_is_installed" {
  command = plan

  variables {
    install_jupyterhub       = false
    jhub_proxy_https_enabled = true
    oauth_github_enable      = true
  }
}
