# Plans only: the module touches no cluster.

variables {
  databases = [{ name = "mlflow", user = "mlflow", password = "mlflow_database_password" }, { name = "mlflow_auth", user = "mlflow", password = "mlflow_database_password" }, { name = "prefect", user = "flows", password = "prefect_database_password" }]
}

run "installs_a_server_and_then_the_databases" {
  command = plan

  assert {
    condition     = jsonencode(keys(output.releases)) == jsonencode(["databases", "postgres"])
    error_message = "The server is one release, the job that makes databases another."
  }

  assert {
    condition     = yamldecode(output.releases["postgres"].values).auth.existingSecret == "postgres-admin" && output.releases.postgres.secrets["postgres-admin"]["postgres-password"] == "postgresql_admin_password"
    error_message = "The chart finds the administrator's password in the Secret that the release makes."
  }

  assert {
    condition     = yamldecode(output.releases["postgres"].values).image.tag == "18.6" && yamldecode(output.releases["postgres"].values).image.imagePullPolicy == "IfNotPresent"
    error_message = "The image has no digest, so that a copy of it is found, and is pulled only if absent."
  }

  assert {
    condition     = output.host == "postgres.data.svc.cluster.local" && output.port == 5432 && output.ssl_mode == "disable"
    error_message = "Clients reach the server by its Service."
  }
}

run "a_role_with_two_databases_has_one_password" {
  command = plan

  assert {
    condition     = jsonencode(yamldecode(output.releases["databases"].values).roles) == jsonencode(["flows", "mlflow"])
    error_message = "Each role is made once."
  }

  assert {
    condition     = length(yamldecode(output.releases["databases"].values).databases) == 3 && yamldecode(output.releases["databases"].values).databases[1].owner == "mlflow"
    error_message = "Each database belongs to its role."
  }

  assert {
    condition     = output.releases.databases.secrets.databases["role-flows"] == "prefect_database_password" && output.releases.databases.secrets.databases["admin-password"] == "postgresql_admin_password"
    error_message = "The job finds each password under its role."
  }

  assert {
    condition     = output.releases.databases.repository == "" && output.releases.databases.version == yamldecode(file("chart/Chart.yaml")).version
    error_message = "The chart is our own, in the version that its Chart.yaml says."
  }
}

run "makes_no_databases_where_no_module_needs_one" {
  command = plan

  variables {
    databases = []
  }

  assert {
    condition     = jsonencode(keys(output.releases)) == jsonencode(["postgres"])
    error_message = "Without a database there is no job."
  }
}

run "installs_no_server_beside_your_own" {
  command = plan

  variables {
    postgresql_external      = true
    postgresql_external_host = "db.example.com"
    postgresql_external_port = 5433
    postgresql_admin_user    = "ops"
  }

  assert {
    condition     = jsonencode(keys(output.releases)) == jsonencode(["databases"])
    error_message = "Only the databases are made."
  }

  assert {
    condition     = yamldecode(output.releases["databases"].values).host == "db.example.com" && yamldecode(output.releases["databases"].values).port == 5433 && yamldecode(output.releases["databases"].values).sslMode == "require"
    error_message = "They are made there, over an encrypted connection."
  }

  assert {
    condition     = output.footprint.memory == 0 && output.health.kind == "none"
    error_message = "Your own server takes nothing of the cluster and isn't asked."
  }
}

run "leaves_your_own_server_alone" {
  command = plan

  variables {
    postgresql_external         = true
    postgresql_external_host    = "db.example.com"
    postgresql_create_databases = false
  }

  assert {
    condition     = length(output.releases) == 0
    error_message = "Where an administrator made the databases nothing is installed."
  }
}

run "takes_images_from_a_registry_of_copies" {
  command = plan

  variables {
    image_registry = "registry.example.com/mirror/"
  }

  assert {
    condition     = yamldecode(output.releases["postgres"].values).image.registry == "registry.example.com/mirror" && yamldecode(output.releases["databases"].values).image == "registry.example.com/mirror/library/postgres:18.6"
    error_message = "Server and job take the copy."
  }
}

run "asks_for_what_the_parameters_say" {
  command = plan

  variables {
    postgresql_cpu             = "2"
    postgresql_memory          = "4Gi"
    postgresql_storage_size    = "100Gi"
    storage_class              = "fast"
    postgresql_max_connections = 300
  }

  assert {
    condition     = output.footprint.cpu == 2 && output.footprint.memory == 4096 && output.footprint.disk == 102400
    error_message = "The footprint is what the pod requests."
  }

  assert {
    condition     = yamldecode(output.releases["postgres"].values).persistence.storageClass == "fast" && yamldecode(output.releases["postgres"].values).config.postgresqlMaxConnections == 300
    error_message = "Storage class and connections reach the chart."
  }
}
