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

run "installs_everything_by_default" {
  command = plan

  assert {
    condition     = jsonencode(keys(kubernetes_namespace_v1.this)) == jsonencode(["dask", "data", "feast", "jhub", "mlflow", "prefect", "seldon"])
    error_message = "Each distinct namespace is made once."
  }

  assert {
    condition     = length(output.addresses) == 9 && length(output.releases) == 9
    error_message = "Every module has an address and its releases."
  }

  assert {
    condition     = output.environment.MLFLOW_TRACKING_URI == "http://mlflow.mlflow.svc.cluster.local" && output.environment.PREFECT_API_URL == "http://prefect-server.prefect.svc.cluster.local:4200/api"
    error_message = "Notebooks reach the others inside the cluster."
  }
}

run "lets_two_modules_share_a_namespace" {
  command = plan

  variables {
    prefect_namespace = "data"
    mlflow_namespace  = "data"
  }

  assert {
    condition     = !contains(keys(kubernetes_namespace_v1.this), "mlflow") && contains(keys(kubernetes_namespace_v1.this), "data")
    error_message = "A shared namespace is made once."
  }
}

run "leaves_a_namespace_alone_that_is_there" {
  command = plan

  variables {
    existing_namespaces = ["data", "elsewhere"]
  }

  assert {
    condition     = !contains(keys(kubernetes_namespace_v1.this), "data") && !contains(keys(kubernetes_namespace_v1.this), "elsewhere")
    error_message = "Such a namespace is neither made nor removed."
  }
}

run "keeps_the_namespace_of_removed_data" {
  command = plan

  variables {
    install_jupyterhub   = false
    install_prefect      = false
    install_dask         = false
    install_feast        = false
    install_mlflow       = false
    install_seldon       = false
    install_postgresql   = false
    install_object_store = false
    install_valkey       = false
    kept_namespaces      = ["data"]
  }

  assert {
    condition     = jsonencode(keys(kubernetes_namespace_v1.this)) == jsonencode(["data"])
    error_message = "The namespace stays while every release goes."
  }

  assert {
    condition     = length(output.releases) == 0 && length(output.addresses) == 0
    error_message = "Nothing else stays."
  }
}

run "needs_no_secret_to_take_everything_away" {
  command = plan

  variables {
    install_jupyterhub           = false
    install_prefect              = false
    install_dask                 = false
    install_feast                = false
    install_mlflow               = false
    install_seldon               = false
    install_postgresql           = false
    install_object_store         = false
    install_valkey               = false
    jhub_proxy_secret_token      = null
    jupyterhub_verify_token      = null
    jupyterhub_shared_password   = null
    jupyterhub_admin_password    = null
    jupyterhub_database_password = null
    prefect_database_password    = null
    prefect_admin_password       = null
    feast_database_password      = null
    mlflow_database_password     = null
    mlflow_admin_password        = null
    postgresql_admin_password    = null
    object_store_access_key      = null
    object_store_secret_key      = null
    object_store_read_access_key = null
    object_store_read_secret_key = null
    valkey_password              = null
  }

  assert {
    condition     = length(kubernetes_namespace_v1.this) == 0
    error_message = "A lost secrets file blocks no destroy."
  }
}

run "uses_your_own_servers" {
  command = plan

  variables {
    postgresql_external              = true
    postgresql_external_host         = "db.example.com"
    postgresql_external_password     = "pw"
    object_store_external            = true
    object_store_external_endpoint   = "https://s3.example.com"
    object_store_external_access_key = "a"
    object_store_external_secret_key = "b"
    valkey_external                  = true
    valkey_external_host             = "cache.example.com"
  }

  assert {
    condition     = length(module.postgresql_release) == 0 && length(module.postgresql_release_databases) == 1 && length(module.object_store_release) == 0 && length(module.valkey_release) == 0
    error_message = "Of the servers nothing is installed, the databases are made."
  }

  assert {
    condition     = !contains(keys(output.health), "postgresql") && output.addresses.object_store == "https://s3.example.com"
    error_message = "Your own servers aren't asked for their health."
  }
}

run "models_have_one_address_with_or_without_the_sample" {
  command = plan

  variables {
    seldon_sample_model = false
  }

  assert {
    condition     = output.addresses.seldon == "http://seldon-router.seldon.svc.cluster.local:8000" && output.environment.SELDON_URL == output.addresses.seldon
    error_message = "What is deployed later is found there too."
  }
}

run "notebooks_flow_runs_and_tasks_are_in_one_environment" {
  command = plan

  assert {
    condition     = module.environment.pods["jupyterhub"].digest == module.environment.pods["dask-cluster"].digest && contains(module.jupyterhub_release["jupyterhub"].made.files, "jupyterhub-environment") && contains(module.dask_release_cluster["dask-cluster"].made.files, "dask-cluster-environment")
    error_message = "Each namespace holds the files of it."
  }

  assert {
    condition     = jsonencode([for account in local.deployers : account.name]) == jsonencode(["notebook", "flow-run"]) && output.environment.SELDON_NAMESPACE == "seldon" && output.environment.PREFECT_DEFAULT_WORK_POOL_NAME == "kubernetes-pool"
    error_message = "Both may deploy, and know where."
  }
}

run "one_namespace_holds_every_release" {
  command = plan

  variables {
    jupyterhub_namespace   = "mlops"
    prefect_namespace      = "mlops"
    dask_namespace         = "mlops"
    feast_namespace        = "mlops"
    mlflow_namespace       = "mlops"
    seldon_namespace       = "mlops"
    postgresql_namespace   = "mlops"
    object_store_namespace = "mlops"
    valkey_namespace       = "mlops"
  }

  assert {
    condition     = length(distinct(flatten([for release in [module.jupyterhub_release["jupyterhub"], module.dask_release_cluster["dask-cluster"], module.prefect_release_worker["prefect-worker"], module.seldon_release_serving["seldon-serving"]] : concat(release.made.files, release.made.service_accounts)]))) == 8
    error_message = "No two of their files or service accounts have one name."
  }
}

run "counts_the_changes_of_what_it_makes_from_secrets" {
  command = plan

  variables {
    secrets_revisions = { jupyterhub_shared_password = 2, jupyterhub_admin_password = 1, prefect_admin_password = 3, valkey_password = 1, mlflow_admin_password = 5 }
  }

  assert {
    condition     = local.secrets_revisions.jupyterhub_values_yaml == 6 && local.secrets_revisions.prefect_auth_string == 3 && local.secrets_revisions.valkey_password == 2 && local.secrets_revisions.mlflow_admin_password == 5
    error_message = "What is made from parameters moves with each of them; the others are counted as they are."
  }
}

run "counts_another_source_as_another_value" {
  command = plan

  variables {
    oauth_github_enable            = true
    oauth_github_client_id         = "client"
    oauth_github_client_secret     = "clientsecret0001"
    oauth_github_admin_users       = ["octocat"]
    postgresql_external            = true
    postgresql_external_host       = "db.example.com"
    postgresql_external_password   = "external-pw"
    valkey_external                = true
    valkey_external_host           = "redis.example.com"
    object_store_external          = true
    object_store_external_endpoint = "https://s3.example.com"
    secrets_revisions = {
      jupyterhub_shared_password = 1, oauth_github_client_secret = 1
      postgresql_admin_password  = 1, postgresql_external_password = 1
    }
    object_store_external_access_key = "external-key"
    object_store_external_secret_key = "external-secret"
  }

  assert {
    condition     = alltrue([for name in ["jupyterhub_values_yaml", "postgresql_admin_password", "object_store_access_key", "object_store_secret_key", "valkey_password", "seldon_object_store_access_key", "seldon_object_store_secret_key"] : local.secrets_revisions[name] % 2 == 1])
    error_message = "The count of one source is never that of the other."
  }
}
