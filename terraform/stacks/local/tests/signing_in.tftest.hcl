# Plans only: nothing here starts a service.

variables {
  jhub_proxy_secret_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_verify_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_shared_password = "eight-ch"
  jupyterhub_admin_password  = "0123456789abcdef0123456789abcdef"
}

run "rejects_oauth_without_client_id" {
  command = plan

  variables {
    oauth_github_enable        = true
    oauth_github_client_id     = ""
    oauth_github_client_secret = "secret"
    oauth_github_admin_users   = ["octocat"]
  }

  expect_failures = [var.oauth_github_client_id]
}

run "rejects_oauth_without_client_secret" {
  command = plan

  variables {
    oauth_github_enable        = true
    oauth_github_client_id     = "id"
    oauth_github_client_secret = null
    oauth_github_admin_users   = ["octocat"]
  }

  expect_failures = [var.oauth_github_client_secret]
}

run "rejects_oauth_that_lets_nobody_in" {
  command = plan

  variables {
    oauth_github_enable        = true
    oauth_github_client_id     = "id"
    oauth_github_client_secret = "secret"
    oauth_github_admin_users   = []
  }

  expect_failures = [var.oauth_github_admin_users]
}

run "rejects_admin_user_with_space" {
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

run "rejects_oauth_with_an_empty_organization_alone" {
  command = plan

  variables {
    oauth_github_enable                = true
    oauth_github_client_id             = "id"
    oauth_github_client_secret         = "secret"
    oauth_github_allowed_organizations = [""]
  }

  expect_failures = [var.oauth_github_admin_users]
}

run "rejects_callback_url_without_scheme" {
  command = plan

  variables {
    oauth_github_callback_url = "example.org/hub/oauth_callback"
  }

  expect_failures = [var.oauth_github_callback_url]
}

run "rejects_short_proxy_secret_token" {
  command = plan

  variables {
    jhub_proxy_secret_token = "abc"
  }

  expect_failures = [var.jhub_proxy_secret_token]
}

run "rejects_missing_proxy_secret_token" {
  command = plan

  variables {
    jhub_proxy_secret_token = null
  }

  expect_failures = [var.jhub_proxy_secret_token]
}

run "rejects_short_shared_password" {
  command = plan

  variables {
    jupyterhub_shared_password = "seven-c"
  }

  expect_failures = [var.jupyterhub_shared_password]
}

run "rejects_missing_shared_password" {
  command = plan

  variables {
    jupyterhub_shared_password = null
  }

  expect_failures = [var.jupyterhub_shared_password]
}

run "rejects_short_admin_password" {
  command = plan

  variables {
    jupyterhub_admin_password = "0123456789"
  }

  expect_failures = [var.jupyterhub_admin_password]
}

run "rejects_missing_admin_password" {
  command = plan

  variables {
    jupyterhub_admin_password = null
  }

  expect_failures = [var.jupyterhub_admin_password]
}

run "rejects_short_verify_token" {
  command = plan

  variables {
    jupyterhub_verify_token = "abc"
  }

  expect_failures = [var.jupyterhub_verify_token]
}

run "rejects_missing_verify_token" {
  command = plan

  variables {
    jupyterhub_verify_token = null
  }

  expect_failures = [var.jupyterhub_verify_token]
}

run "oauth_needs_no_password" {
  command = plan

  variables {
    oauth_github_enable                = true
    oauth_github_client_id             = "id"
    oauth_github_client_secret         = "secret"
    oauth_github_allowed_organizations = ["octo-org", "octo-org:team"]
    jupyterhub_shared_password         = null
    jupyterhub_admin_password          = null
  }
}

run "no_jupyterhub_needs_no_secret" {
  command = plan

  variables {
    install_jupyterhub         = false
    oauth_github_enable        = true
    jhub_proxy_secret_token    = null
    jupyterhub_verify_token    = null
    jupyterhub_shared_password = null
    jupyterhub_admin_password  = null
  }

  assert {
    condition     = length(module.jupyterhub_service) == 0
    error_message = "JupyterHub is not to be installed."
  }
}
