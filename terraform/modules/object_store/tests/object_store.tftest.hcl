# Plans only: the module touches no cluster.

variables {
  buckets = ["mlflow"]
}

run "installs_one_pod_with_its_volume" {
  command = plan

  assert {
    condition     = yamldecode(output.releases["seaweedfs"].values).allInOne.enabled && !yamldecode(output.releases["seaweedfs"].values).master.enabled && !yamldecode(output.releases["seaweedfs"].values).volume.enabled && !yamldecode(output.releases["seaweedfs"].values).filer.enabled
    error_message = "Everything is in one pod."
  }

  assert {
    condition     = yamldecode(output.releases["seaweedfs"].values).allInOne.data.annotations["helm.sh/resource-policy"] == "keep"
    error_message = "The volume stays when the release goes: databases that list its artifacts stay too."
  }

  assert {
    condition     = yamldecode(output.releases["seaweedfs"].values).allInOne.s3.createBuckets[0].name == "mlflow"
    error_message = "The buckets of the chosen modules are made."
  }

  assert {
    condition     = output.endpoint == "http://seaweedfs-all-in-one.data.svc.cluster.local:8333"
    error_message = "Clients reach the store by its Service."
  }
}

run "the_job_that_makes_buckets_says_what_it_requests" {
  command = plan

  assert {
    condition     = sort(keys(yamldecode(output.releases["seaweedfs"].values).allInOne.s3.createBucketsHook.resources.requests)) == tolist(["cpu", "memory"])
    error_message = "A quota of the namespace refuses its pod otherwise."
  }
}

run "gives_both_identities_a_secret" {
  command = plan

  assert {
    condition     = alltrue([for identity in yamldecode(output.releases["seaweedfs"].values).s3.credentials : identity.existingSecret == "seaweedfs-identities"])
    error_message = "An identity without a Secret would get a key in clear."
  }

  assert {
    condition     = output.releases.seaweedfs.secrets["seaweedfs-identities"].read_secret_key == "object_store_read_secret_key"
    error_message = "The Secret names the stack's secrets."
  }
}

run "asks_for_no_rights_in_the_whole_cluster" {
  command = plan

  assert {
    condition     = !yamldecode(output.releases["seaweedfs"].values).global.seaweedfs.createClusterRole
    error_message = "The pod asks nothing of the API server."
  }
}

run "installs_no_store_beside_your_own" {
  command = plan

  variables {
    object_store_external          = true
    object_store_external_endpoint = "https://s3.eu-central-1.amazonaws.com"
  }

  assert {
    condition     = length(output.releases) == 0 && output.endpoint == "https://s3.eu-central-1.amazonaws.com"
    error_message = "Your own store is used as it is."
  }

  assert {
    condition     = output.footprint.disk == 0 && output.health.kind == "none"
    error_message = "It takes nothing of the cluster and isn't asked."
  }
}

run "asks_for_what_the_parameters_say" {
  command = plan

  variables {
    object_store_cpu          = "1"
    object_store_memory       = "2Gi"
    object_store_storage_size = "1Ti"
    storage_class             = "fast"
  }

  assert {
    condition     = output.footprint.cpu == 1 && output.footprint.memory == 2048 && output.footprint.disk == 1048576
    error_message = "The footprint is what the pod requests."
  }

  assert {
    condition     = yamldecode(output.releases["seaweedfs"].values).allInOne.data.storageClass == "fast" && yamldecode(output.releases["seaweedfs"].values).allInOne.resources.limits.memory == "4096Mi"
    error_message = "Storage class and a limit above the request reach the chart."
  }
}

run "pods_carry_the_revision_of_their_secrets" {
  command = plan

  variables {
    secrets_revisions = { object_store_access_key = 1, object_store_read_secret_key = 2, mlflow_admin_password = 4 }
  }

  assert {
    condition     = yamldecode(output.releases["seaweedfs"].values).allInOne.podAnnotations["mlops-install/secrets-revision"] == "3"
    error_message = "Without it the Secret changes and no pod notices."
  }
}
