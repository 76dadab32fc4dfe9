# Plans only: the module touches no cluster.

run "runs_are_kept_in_postgresql_and_artifacts_in_the_object_store" {
  command = plan

  variables {
    database_host         = "db.example.com"
    database_port         = 6432
    object_store_endpoint = "https://s3.example.com"
    mlflow_artifact_root  = "s3://models/team/a"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).backendStore.postgres.host == "db.example.com" && yamldecode(output.releases.mlflow.values).backendStore.postgres.port == 6432 && yamldecode(output.releases.mlflow.values).backendStore.postgres.driver == "psycopg2"
    error_message = "the database must be the one given, by psycopg2"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).artifactRoot.s3.bucket == "models" && yamldecode(output.releases.mlflow.values).artifactRoot.s3.path == "team/a" && yamldecode(output.releases.mlflow.values).artifactRoot.proxiedArtifactStorage
    error_message = "bucket and folder are parted"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).extraEnvVars.MLFLOW_S3_ENDPOINT_URL == "https://s3.example.com"
    error_message = "the object store must be the one given"
  }

  assert {
    condition     = output.buckets == ["models"]
    error_message = "the bucket must be made"
  }
}

run "aws_needs_no_endpoint" {
  command = plan

  variables {
    object_store_endpoint = ""
  }

  assert {
    condition     = !can(yamldecode(output.releases.mlflow.values).extraEnvVars.MLFLOW_S3_ENDPOINT_URL)
    error_message = "AWS has its own address"
  }
}

run "passwords_come_by_reference" {
  command = plan

  assert {
    condition     = output.releases.mlflow.secrets["mlflow-database"].password == "mlflow_database_password" && yamldecode(output.releases.mlflow.values).backendStore.existingDatabaseSecret.name == "mlflow-database"
    error_message = "the database's password"
  }

  assert {
    condition     = output.releases.mlflow.secrets["mlflow-object-store"].secret_key == "object_store_secret_key" && yamldecode(output.releases.mlflow.values).artifactRoot.s3.existingSecret.name == "mlflow-object-store"
    error_message = "the object store's key"
  }

  assert {
    condition     = output.releases.mlflow.secrets["mlflow-admin"].password == "mlflow_admin_password" && contains([for variable in yamldecode(output.releases.mlflow.values).initContainers[0].env : try(variable.valueFrom.secretKeyRef, null)], { name = "mlflow-admin", key = "password" })
    error_message = "the administrator's password"
  }

  assert {
    condition     = length(output.releases.mlflow.secret_values) == 0
    error_message = "none is a value"
  }
}

run "it_asks_for_a_password_unless_told_otherwise" {
  command = plan

  assert {
    condition     = yamldecode(output.releases.mlflow.values).extraArgs.appName == "basic-auth" && contains(yamldecode(output.releases.mlflow.values).initContainers[0].env, { name = "AUTH_DATABASE", value = "mlflow_auth" })
    error_message = "users are in a database of their own"
  }

  assert {
    condition     = join(" ", [for database in output.databases : database.name]) == "mlflow mlflow_auth"
    error_message = "both databases must be made"
  }

  assert {
    condition     = output.environment.secrets.MLFLOW_TRACKING_PASSWORD == "mlflow_admin_password"
    error_message = "notebooks get the password"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).extraEnvVars.MLFLOW_AUTH_CONFIG_PATH == "${yamldecode(output.releases.mlflow.values).extraVolumeMounts[0].mountPath}/basic_auth.ini" && yamldecode(output.releases.mlflow.values).initContainers[0].volumeMounts[1].mountPath == yamldecode(output.releases.mlflow.values).extraVolumeMounts[0].mountPath
    error_message = "the server reads what is written before its start"
  }
}

run "without_passwords_there_are_no_users" {
  command = plan

  variables {
    mlflow_authentication = false
  }

  assert {
    condition     = !can(yamldecode(output.releases.mlflow.values).extraArgs.appName) && !can(yamldecode(output.releases.mlflow.values).initContainers) && !contains(keys(output.releases.mlflow.secrets), "mlflow-admin")
    error_message = "nothing of it may stay"
  }

  assert {
    condition     = length(output.databases) == 1 && length(output.environment.secrets) == 0 && output.health.statuses[0] == 200
    error_message = "one database, no login"
  }
}

run "the_bucket_in_a_store_of_ones_own_is_looked_for" {
  command = plan

  variables {
    object_store_external = true
    object_store_endpoint = "https://s3.example.com"
    mlflow_artifact_root  = "s3://models/team/a"
  }

  assert {
    condition     = [for it in yamldecode(output.releases.mlflow.values).initContainers : it.name] == ["authentication", "bucket"]
    error_message = "nobody here makes it"
  }

  assert {
    condition     = { for it in yamldecode(output.releases.mlflow.values).initContainers[1].env : it.name => it.value if can(it.value) } == { AWS_DEFAULT_REGION = "us-east-1", BUCKET = "models", MLFLOW_S3_ENDPOINT_URL = "https://s3.example.com" }
    error_message = "where MLflow itself will look"
  }

  assert {
    condition     = [for it in yamldecode(output.releases.mlflow.values).initContainers[1].env : it.valueFrom.secretKeyRef.name if can(it.valueFrom)] == ["mlflow-object-store", "mlflow-object-store"]
    error_message = "with MLflow's own keys"
  }
}

run "names_in_the_cluster_and_outside_are_let_in" {
  command = plan

  variables {
    domain               = "example.com"
    ingress_class        = "traefik"
    cert_manager_issuer  = "letsencrypt"
    mlflow_allowed_hosts = ["models.example.org:8443"]
  }

  assert {
    condition     = alltrue([for host in ["mlflow.mlflow.svc.cluster.local", "localhost:*", "10.*", "172.31.*", "mlflow.example.com", "models.example.org:8443"] : contains(yamldecode(output.releases.mlflow.values).serverAllowedHosts, host)])
    error_message = "each name must be let in"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).ingress.hosts[0].host == "mlflow.example.com" && yamldecode(output.releases.mlflow.values).ingress.tls[0].secretName == "mlflow-tls" && yamldecode(output.releases.mlflow.values).ingress.className == "traefik"
    error_message = "the ingress must have class, host and certificate"
  }

  assert {
    condition     = output.addresses.outside == "https://mlflow.example.com"
    error_message = "the address is the ingress's"
  }
}

run "a_gateway_gets_a_route" {
  command = plan

  variables {
    domain       = "example.com"
    gateway_name = "public"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).extraDeploy[0].kind == "HTTPRoute" && yamldecode(output.releases.mlflow.values).extraDeploy[0].spec.hostnames[0] == "mlflow.example.com" && yamldecode(output.releases.mlflow.values).extraDeploy[0].spec.parentRefs[0] == { name = "public" }
    error_message = "the route must name gateway and host"
  }
}

run "without_exposure_there_is_no_ingress" {
  command = plan

  variables {
    domain         = "example.com"
    ingress_class  = "traefik"
    mlflow_exposed = false
  }

  assert {
    condition     = !can(yamldecode(output.releases.mlflow.values).ingress) && output.addresses.outside == ""
    error_message = "there must be none"
  }
}

run "a_mirror_holds_every_image" {
  command = plan

  variables {
    image_registry = "registry.example.com/mirror"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).image.repository == "registry.example.com/mirror/burakince/mlflow" && yamldecode(output.releases.mlflow.values).initImages.mlflowDbMigration.repository == "registry.example.com/mirror/burakince/mlflow"
    error_message = "MLflow's"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).initContainers[0].image == "registry.example.com/mirror/burakince/mlflow:3.15.1"
    error_message = "and those that run before it"
  }
}

run "an_image_of_ones_own_runs_everywhere" {
  command = plan

  variables {
    mlflow_image_repository   = "registry.example.com/team/mlflow"
    mlflow_image_tag          = "3.16"
    mlflow_image_pull_policy  = "Always"
    mlflow_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).image == { repository = "registry.example.com/team/mlflow", tag = "3.16", pullPolicy = "Always" } && yamldecode(output.releases.mlflow.values).initContainers[0].image == "registry.example.com/team/mlflow:3.16"
    error_message = "the same image in each container"
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).imagePullSecrets[0].name == "regcred" && length(yamldecode(output.releases.mlflow.values).imagePullSecrets) == 1
    error_message = "pull secrets without a name are left out"
  }
}

run "a_new_secret_restarts_it" {
  command = plan

  variables {
    secrets_revisions = { mlflow_admin_password = 1, object_store_secret_key = 2, object_store_read_secret_key = 4 }
  }

  assert {
    condition     = yamldecode(output.releases.mlflow.values).podAnnotations["mlops-install/secrets-revision"] == "3"
    error_message = "what its pods read is counted, and nothing else"
  }
}

run "the_init_container_of_the_module_says_what_it_requests" {
  command = plan

  assert {
    condition     = sort(keys(yamldecode(output.releases.mlflow.values).initContainers[0].resources.requests)) == tolist(["cpu", "memory"])
    error_message = "a quota of the namespace refuses the pod otherwise"
  }
}

run "the_footprint_is_what_is_requested" {
  command = plan

  variables {
    mlflow_cpu    = "2"
    mlflow_memory = "1Gi"
  }

  assert {
    condition     = output.footprint.cpu == 2 && output.footprint.memory == 1024 && output.footprint.largest_pod.memory == 1024
    error_message = "requests in cores and MiB"
  }
}
