# Plans only: the module touches no cluster.

run "registry_and_online_store_are_those_given" {
  command = plan

  variables {
    database_host       = "db.example.com"
    database_port       = 6432
    database_ssl_mode   = "require"
    valkey_host         = "redis.example.com"
    valkey_port         = 6380
    valkey_tls          = true
    feast_project       = "rides"
    feast_database_name = "features"
  }

  assert {
    condition     = yamldecode(base64decode(yamldecode(output.releases["feast-online"].values).feature_store_yaml_base64)).registry.path == "postgresql+psycopg://$${FEAST_DB_USER}:$${FEAST_DB_PASSWORD}@db.example.com:6432/features"
    error_message = "the registry is in PostgreSQL; Feast puts the password in"
  }

  assert {
    condition     = yamldecode(base64decode(yamldecode(output.releases["feast-online"].values).feature_store_yaml_base64)).online_store.connection_string == "redis.example.com:6380,password=\"$${FEAST_ONLINE_PASSWORD}\",ssl=true"
    error_message = "the features are in Valkey"
  }

  assert {
    condition     = yamldecode(base64decode(yamldecode(output.releases["feast-online"].values).feature_store_yaml_base64)).project == "rides" && yamldecode(output.releases["feast-online"].values).extraEnvs[0].value == "require"
    error_message = "project and encryption must reach Feast"
  }
}

run "passwords_come_by_reference" {
  command = plan

  assert {
    condition     = output.releases["feast-online"].secrets["feast-database"].password == "feast_database_password" && output.releases["feast-online"].secrets["feast-online-store"].password == "valkey_password"
    error_message = "from Secrets of its own namespace"
  }

  assert {
    condition     = length([for variable in yamldecode(output.releases["feast-online"].values).extraEnvs : variable if can(variable.valueFrom.secretKeyRef)]) == 3
    error_message = "as environment variables"
  }
}

run "sample_features_are_served_unless_told_otherwise" {
  command = plan

  assert {
    condition     = yamldecode(output.releases["feast-online"].values).commandArgs[0] == "python" && strcontains(yamldecode(output.releases["feast-online"].values).commandArgs[2], "driver_activity")
    error_message = "the server registers what verify pushes"
  }

  assert {
    condition     = output.health.path == "/ready"
    error_message = "and health is a read"
  }
}

run "without_samples_it_is_feasts_own_server" {
  command = plan

  variables {
    feast_sample_features = false
  }

  assert {
    condition     = length(yamldecode(output.releases["feast-online"].values).commandArgs) == 0 && output.health.path == "/health"
    error_message = "with the chart's own command"
  }
}

run "a_mirror_holds_the_image" {
  command = plan

  variables {
    image_registry           = "registry.example.com/mirror"
    feast_image_tag          = "0.67.0"
    feast_image_pull_policy  = "Always"
    feast_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
  }

  assert {
    condition     = yamldecode(output.releases["feast-online"].values).image == { repository = "registry.example.com/mirror/feastdev/feature-server", tag = "0.67.0", pullPolicy = "Always" }
    error_message = "repository, tag and policy"
  }

  assert {
    condition     = yamldecode(output.releases["feast-online"].values).imagePullSecrets[0].name == "regcred" && length(yamldecode(output.releases["feast-online"].values).imagePullSecrets) == 1
    error_message = "pull secrets without a name are left out"
  }
}

run "it_is_never_published" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
  }

  assert {
    condition     = output.addresses.outside == "" && output.environment.plain.FEAST_SERVER_URL == "http://feast-online.feast.svc.cluster.local"
    error_message = "it asks for no password"
  }
}

run "a_new_secret_restarts_it" {
  command = plan

  variables {
    secrets_revisions = { feast_database_password = 1, valkey_password = 2, mlflow_database_password = 4 }
  }

  assert {
    condition     = yamldecode(output.releases["feast-online"].values).podAnnotations["mlops-install/secrets-revision"] == "3"
    error_message = "what its pods read is counted, and nothing else"
  }
}

run "the_footprint_counts_every_server" {
  command = plan

  variables {
    feast_replicas = 2
  }

  assert {
    condition     = output.footprint.memory == 1024 && output.footprint.largest_pod.memory == 512 && abs(output.footprint.cpu - 0.2) < 0.001
    error_message = "two servers"
  }
}
