# Plans only: the module touches no cluster.

run "rejects_a_namespace_in_capitals" {
  command = plan

  variables {
    valkey_namespace = "Data"
  }

  expect_failures = [var.valkey_namespace]
}

run "rejects_a_volume_without_a_unit" {
  command = plan

  variables {
    valkey_storage_size = "20"
  }

  expect_failures = [var.valkey_storage_size]
}

run "rejects_a_share_of_cpu_that_kubernetes_does_not_know" {
  command = plan

  variables {
    valkey_cpu = "0.5"
  }

  expect_failures = [var.valkey_cpu]
}

run "rejects_memory_in_decimal_units" {
  command = plan

  variables {
    valkey_memory = "512M"
  }

  expect_failures = [var.valkey_memory]
}

run "rejects_a_time_of_an_instant" {
  command = plan

  variables {
    valkey_timeout = 5
  }

  expect_failures = [var.valkey_timeout]
}

run "rejects_a_host_with_a_scheme" {
  command = plan

  variables {
    valkey_external_host = "redis://cache"
  }

  expect_failures = [var.valkey_external_host]
}

run "rejects_a_port_beyond_the_last" {
  command = plan

  variables {
    valkey_external_port = 0
  }

  expect_failures = [var.valkey_external_port]
}

run "rejects_a_server_of_your_own_without_its_place" {
  command = plan

  variables {
    valkey_external = true
  }

  expect_failures = [var.valkey_external_host]
}
