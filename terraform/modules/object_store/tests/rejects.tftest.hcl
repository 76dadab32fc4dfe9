# Plans only: the module touches no cluster.

run "rejects_a_namespace_in_capitals" {
  command = plan

  variables {
    object_store_namespace = "Data"
  }

  expect_failures = [var.object_store_namespace]
}

run "rejects_a_volume_without_a_unit" {
  command = plan

  variables {
    object_store_storage_size = "20"
  }

  expect_failures = [var.object_store_storage_size]
}

run "rejects_a_share_of_cpu_that_kubernetes_does_not_know" {
  command = plan

  variables {
    object_store_cpu = "0.5"
  }

  expect_failures = [var.object_store_cpu]
}

run "rejects_memory_in_decimal_units" {
  command = plan

  variables {
    object_store_memory = "512M"
  }

  expect_failures = [var.object_store_memory]
}

run "rejects_a_time_of_an_instant" {
  command = plan

  variables {
    object_store_timeout = 5
  }

  expect_failures = [var.object_store_timeout]
}

run "rejects_an_endpoint_without_a_scheme" {
  command = plan

  variables {
    object_store_external_endpoint = "s3.example.com"
  }

  expect_failures = [var.object_store_external_endpoint]
}

run "rejects_a_region_with_spaces" {
  command = plan

  variables {
    object_store_region = "eu central"
  }

  expect_failures = [var.object_store_region]
}

run "rejects_a_server_of_your_own_without_its_place" {
  command = plan

  variables {
    object_store_external = true
  }

  expect_failures = [var.object_store_external_endpoint]
}
