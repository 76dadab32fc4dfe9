# Plans only: the module touches no cluster.

run "keeps_features_over_a_restart" {
  command = plan

  assert {
    condition     = yamldecode(output.releases["feast-redis"].values).deploymentStrategy == "Recreate" && yamldecode(output.releases["feast-redis"].values).valkeyConfig == "appendonly yes\n"
    error_message = "A new server must not read the volume before the old one has written it."
  }

  assert {
    condition     = yamldecode(output.releases["feast-redis"].values).dataStorage.keepPvc
    error_message = "The volume stays when the release goes."
  }
}

run "every_container_says_what_it_requests" {
  command = plan

  assert {
    condition     = alltrue([for resources in [yamldecode(output.releases["feast-redis"].values).resources, yamldecode(output.releases["feast-redis"].values).initResources] : sort(keys(resources.requests)) == tolist(["cpu", "memory"])])
    error_message = "A quota of the namespace refuses the pod otherwise."
  }
}

run "asks_for_its_password" {
  command = plan

  assert {
    condition     = yamldecode(output.releases["feast-redis"].values).auth.enabled && yamldecode(output.releases["feast-redis"].values).auth.usersExistingSecret == "feast-redis" && output.releases["feast-redis"].secrets["feast-redis"].password == "valkey_password"
    error_message = "The server finds its password in the Secret that the release makes."
  }

  assert {
    condition     = output.host == "feast-redis.data.svc.cluster.local" && output.port == 6379
    error_message = "Clients reach it by its Service."
  }
}

run "installs_no_server_beside_your_own" {
  command = plan

  variables {
    valkey_external      = true
    valkey_external_host = "cache.example.com"
    valkey_external_port = 6380
  }

  assert {
    condition     = length(output.releases) == 0 && output.host == "cache.example.com" && output.port == 6380
    error_message = "Your own server is used as it is."
  }

  assert {
    condition     = output.footprint.memory == 0 && output.health.kind == "none"
    error_message = "It takes nothing of the cluster and isn't asked."
  }
}

run "asks_for_what_the_parameters_say" {
  command = plan

  variables {
    valkey_cpu          = "250m"
    valkey_memory       = "1Gi"
    valkey_storage_size = "4Gi"
    storage_class       = "fast"
    secrets_revisions   = { valkey_password = 2, valkey_external_password = 4 }
  }

  assert {
    condition     = output.footprint.cpu == 0.25 && output.footprint.memory == 1024 && output.footprint.disk == 4096
    error_message = "The footprint is what the pod requests."
  }

  assert {
    condition     = yamldecode(output.releases["feast-redis"].values).dataStorage.className == "fast" && yamldecode(output.releases["feast-redis"].values).podAnnotations["mlops-install/secrets-revision"] == "2"
    error_message = "Storage class and revision reach the chart."
  }
}
