# One run for several parameters: each run plans the whole stack.
# Both providers are mocks: what the real ones do is held by the cluster tests.
mock_provider "helm" {}
mock_provider "kubernetes" {}

variables {
  jhub_proxy_https_enabled = false

  # Made up for these tests.
  jhub_proxy_secret_token      = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_verify_token      = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
  jupyterhub_shared_password   = "sharedpassword01"
  jupyterhub_admin_password    = "administratorspasswordoffortyletters00001"
  jupyterhub_database_password = "databasepassword01"
  prefect_database_password    = "databasepassword02"
  prefect_admin_password       = "adminpassword0002"
  feast_database_password      = "databasepassword03"
  mlflow_database_password     = "databasepassword04"
  mlflow_admin_password        = "adminpassword0004"
  postgresql_admin_password    = "adminpassword0005"
  object_store_access_key      = "accesskey00000001"
  object_store_secret_key      = "secretkey00000001"
  object_store_read_access_key = "accesskey00000002"
  object_store_read_secret_key = "secretkey00000002"
  valkey_password              = "valkeypassword001"
}

run "rejects_what_kubernetes_cannot_name" {
  command = plan

  variables {
    charts_directory    = "charts"
    image_registry      = "https://registry.example.com"
    storage_class       = "Fast"
    gateway_name        = "Gate"
    gateway_namespace   = "a.b"
    cert_manager_issuer = "Issuer"
    existing_namespaces = ["Data"]
    kept_namespaces     = ["Data"]
  }

  expect_failures = [
    var.charts_directory,
    var.image_registry,
    var.storage_class,
    var.gateway_name,
    var.gateway_namespace,
    var.cert_manager_issuer,
    var.existing_namespaces,
    var.kept_namespaces,
  ]
}

run "rejects_a_domain_with_a_scheme_and_a_tls_secret_with_a_slash" {
  command = plan

  variables {
    domain     = "https://example.com"
    tls_secret = "data/tls"
  }

  expect_failures = [
    var.domain,
    var.tls_secret,
  ]
}

run "rejects_an_ingress_class_with_spaces" {
  command = plan

  variables {
    ingress_class = "my class"
  }

  expect_failures = [
    var.ingress_class,
  ]
}

run "rejects_an_ingress_class_without_a_domain" {
  command = plan

  variables {
    ingress_class = "traefik"
  }

  expect_failures = [
    var.domain,
  ]
}

run "rejects_two_ways_to_publish_and_two_certificates" {
  command = plan

  variables {
    domain              = "example.com"
    ingress_class       = "traefik"
    gateway_name        = "gate"
    tls_secret          = "tls"
    cert_manager_issuer = "letsencrypt"
  }

  expect_failures = [
    var.ingress_class,
    var.tls_secret,
  ]
}

run "rejects_installed_servers_without_their_secrets" {
  command = plan

  variables {
    postgresql_admin_password    = null
    object_store_access_key      = null
    object_store_secret_key      = null
    object_store_read_access_key = null
    object_store_read_secret_key = null
    valkey_password              = null
  }

  expect_failures = [
    var.postgresql_admin_password,
    var.object_store_access_key,
    var.object_store_secret_key,
    var.object_store_read_access_key,
    var.object_store_read_secret_key,
    var.valkey_password,
  ]
}

run "rejects_secrets_with_punctuation" {
  command = plan

  variables {
    postgresql_admin_password    = "with-punctuation"
    object_store_access_key      = "with-punctuation"
    object_store_secret_key      = "with-punctuation"
    object_store_read_access_key = "with-punctuation"
    object_store_read_secret_key = "with-punctuation"
    valkey_password              = "with-punctuation"
  }

  expect_failures = [
    var.postgresql_admin_password,
    var.object_store_access_key,
    var.object_store_secret_key,
    var.object_store_read_access_key,
    var.object_store_read_secret_key,
    var.valkey_password,
  ]
}

run "rejects_your_own_servers_without_their_secrets" {
  command = plan

  variables {
    postgresql_external            = true
    postgresql_external_host       = "db.example.com"
    object_store_external          = true
    object_store_external_endpoint = "https://s3.example.com"
  }

  expect_failures = [
    var.postgresql_external_password,
    var.object_store_external_access_key,
    var.object_store_external_secret_key,
  ]
}

run "rejects_a_password_that_feast_would_cut" {
  command = plan

  variables {
    valkey_external          = true
    valkey_external_host     = "cache.example.com"
    valkey_external_password = "a,b"
  }

  expect_failures = [
    var.valkey_external_password,
  ]
}

run "rejects_tools_without_their_secrets" {
  command = plan

  variables {
    jupyterhub_database_password = null
    prefect_database_password    = null
    prefect_admin_password       = null
    feast_database_password      = null
    mlflow_database_password     = null
    mlflow_admin_password        = null
  }

  expect_failures = [
    var.jupyterhub_database_password,
    var.prefect_database_password,
    var.prefect_admin_password,
    var.feast_database_password,
    var.mlflow_database_password,
    var.mlflow_admin_password,
  ]
}

run "rejects_secrets_of_tools_with_punctuation" {
  command = plan

  variables {
    jupyterhub_database_password = "with-punctuation"
    prefect_database_password    = "with-punctuation"
    prefect_admin_password       = "with-punctuation"
    feast_database_password      = "with-punctuation"
    mlflow_database_password     = "with-punctuation"
    mlflow_admin_password        = "with-punctuation"
  }

  expect_failures = [
    var.jupyterhub_database_password,
    var.prefect_database_password,
    var.prefect_admin_password,
    var.feast_database_password,
    var.mlflow_database_password,
    var.mlflow_admin_password,
  ]
}

run "rejects_index_without_its_user" {
  command = plan

  variables {
    package_index_authentication = true
    package_index_password       = "made-up-token"
  }

  expect_failures = [var.package_index_user]
}

run "rejects_index_without_its_password" {
  command = plan

  variables {
    package_index_authentication = true
    package_index_user           = "team"
  }

  expect_failures = [var.package_index_password]
}
