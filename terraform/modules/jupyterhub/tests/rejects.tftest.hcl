# Plans only: the module touches no cluster.

variables {
  jhub_proxy_https_enabled = false
}

run "rejects_https_without_a_host" {
  command = plan

  variables {
    jhub_proxy_https_enabled                   = true
    jhub_proxy_https_hosts                     = [""]
    jhub_proxy_https_letsencrypt_contact_email = "ops@example.com"
    jupyterhub_shared_password_exposed         = true
  }

  expect_failures = [var.jhub_proxy_https_hosts]
}

run "rejects_host_with_a_scheme" {
  command = plan

  variables {
    jhub_proxy_https_hosts = ["https://hub.example.com"]
  }

  expect_failures = [var.jhub_proxy_https_hosts]
}

run "rejects_https_twice" {
  command = plan

  variables {
    jhub_proxy_https_enabled                   = true
    jhub_proxy_https_hosts                     = ["hub.example.com"]
    jhub_proxy_https_letsencrypt_contact_email = "ops@example.com"
    jupyterhub_shared_password_exposed         = true
    domain                                     = "example.com"
    ingress_class                              = "traefik"
  }

  expect_failures = [var.jhub_proxy_https_enabled]
}

run "rejects_contact_that_is_no_address" {
  command = plan

  variables {
    jhub_proxy_https_letsencrypt_contact_email = "ops"
  }

  expect_failures = [var.jhub_proxy_https_letsencrypt_contact_email]
}

run "rejects_letsencrypt_without_contact" {
  command = plan

  variables {
    jhub_proxy_https_enabled           = true
    jhub_proxy_https_hosts             = ["hub.example.com"]
    jupyterhub_shared_password_exposed = true
  }

  expect_failures = [var.jhub_proxy_https_letsencrypt_contact_email]
}

run "rejects_unknown_https_type" {
  command = plan

  variables {
    jupyterhub_https_type = "manual"
  }

  expect_failures = [var.jupyterhub_https_type]
}

run "rejects_certificate_without_a_secret" {
  command = plan

  variables {
    jhub_proxy_https_enabled           = true
    jhub_proxy_https_hosts             = ["hub.example.com"]
    jupyterhub_https_type              = "secret"
    jupyterhub_shared_password_exposed = true
  }

  expect_failures = [var.jupyterhub_https_type]
}

run "rejects_acme_server_without_https" {
  command = plan

  variables {
    jupyterhub_letsencrypt_server = "http://acme.example.com"
  }

  expect_failures = [var.jupyterhub_letsencrypt_server]
}

run "rejects_unknown_service_type" {
  command = plan

  variables {
    jupyterhub_service_type = "ExternalName"
  }

  expect_failures = [var.jupyterhub_service_type]
}

run "rejects_shared_password_on_a_load_balancer" {
  command = plan

  variables {
    jupyterhub_service_type = "LoadBalancer"
  }

  expect_failures = [var.jupyterhub_shared_password_exposed]
}

run "rejects_shared_password_behind_an_ingress" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
  }

  expect_failures = [var.jupyterhub_shared_password_exposed]
}

run "rejects_shared_password_over_https" {
  command = plan

  variables {
    jhub_proxy_https_enabled                   = true
    jhub_proxy_https_hosts                     = ["hub.example.com"]
    jhub_proxy_https_letsencrypt_contact_email = "ops@example.com"
  }

  expect_failures = [var.jupyterhub_shared_password_exposed]
}

run "rejects_database_name_with_hyphen" {
  command = plan

  variables {
    jupyterhub_database_name = "jupyter-hub"
  }

  expect_failures = [var.jupyterhub_database_name]
}

run "rejects_database_user_with_space" {
  command = plan

  variables {
    jupyterhub_database_user = "the hub"
  }

  expect_failures = [var.jupyterhub_database_user]
}

run "rejects_cpu_with_a_point" {
  command = plan

  variables {
    jupyterhub_cpu = "0.5"
  }

  expect_failures = [var.jupyterhub_cpu]
}

run "rejects_memory_without_a_unit" {
  command = plan

  variables {
    jupyterhub_memory = "256"
  }

  expect_failures = [var.jupyterhub_memory]
}

run "rejects_timeout_of_a_second" {
  command = plan

  variables {
    jupyterhub_timeout = 1
  }

  expect_failures = [var.jupyterhub_timeout]
}

run "rejects_two_default_environments" {
  command = plan

  variables {
    singleuser_profile_list = [{ display_name = "A", default = true }, { display_name = "B", default = true }]
  }

  expect_failures = [var.singleuser_profile_list]
}

run "rejects_no_default_environment" {
  command = plan

  variables {
    singleuser_profile_list = [{ display_name = "A" }]
  }

  expect_failures = [var.singleuser_profile_list]
}

run "rejects_environments_of_one_name" {
  command = plan

  variables {
    singleuser_profile_list = [{ display_name = "A", default = true }, { display_name = "A" }]
  }

  expect_failures = [var.singleuser_profile_list]
}

run "rejects_image_without_a_tag" {
  command = plan

  variables {
    singleuser_image = "quay.io/jupyter/datascience-notebook"
  }

  expect_failures = [var.singleuser_image]
}

run "rejects_pull_secret_with_space" {
  command = plan

  variables {
    singleuser_image_pull_secrets = [{ name = "my secret" }]
  }

  expect_failures = [var.singleuser_image_pull_secrets]
}

run "rejects_unknown_pull_policy" {
  command = plan

  variables {
    singleuser_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.singleuser_image_pull_policy]
}

run "rejects_memory_guarantee_in_words" {
  command = plan

  variables {
    singleuser_memory_guarantee = "much"
  }

  expect_failures = [var.singleuser_memory_guarantee]
}

run "rejects_less_than_no_cpu" {
  command = plan

  variables {
    singleuser_cpu_guarantee = -1
  }

  expect_failures = [var.singleuser_cpu_guarantee]
}

run "rejects_memory_limit_in_mebibytes" {
  command = plan

  variables {
    singleuser_memory_limit = "2Gi"
  }

  expect_failures = [var.singleuser_memory_limit]
}

run "rejects_home_without_size" {
  command = plan

  variables {
    singleuser_storage_capacity = "0"
  }

  expect_failures = [var.singleuser_storage_capacity]
}

run "rejects_relative_mount_path" {
  command = plan

  variables {
    singleuser_storage_mount_path = "work"
  }

  expect_failures = [var.singleuser_storage_mount_path]
}

run "rejects_page_without_a_slash" {
  command = plan

  variables {
    singleuser_default_url = "lab"
  }

  expect_failures = [var.singleuser_default_url]
}
