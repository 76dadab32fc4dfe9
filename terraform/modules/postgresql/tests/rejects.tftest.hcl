# Plans only: the module touches no cluster.

run "rejects_a_namespace_in_capitals" {
  command = plan

  variables {
    postgresql_namespace = "Data"
  }

  expect_failures = [var.postgresql_namespace]
}

run "rejects_a_volume_without_a_unit" {
  command = plan

  variables {
    postgresql_storage_size = "20"
  }

  expect_failures = [var.postgresql_storage_size]
}

run "rejects_a_share_of_cpu_that_kubernetes_does_not_know" {
  command = plan

  variables {
    postgresql_cpu = "0.5"
  }

  expect_failures = [var.postgresql_cpu]
}

run "rejects_memory_in_decimal_units" {
  command = plan

  variables {
    postgresql_memory = "512M"
  }

  expect_failures = [var.postgresql_memory]
}

run "rejects_a_time_of_an_instant" {
  command = plan

  variables {
    postgresql_timeout = 5
  }

  expect_failures = [var.postgresql_timeout]
}

run "rejects_a_host_with_a_port" {
  command = plan

  variables {
    postgresql_external_host = "db.example.com:5432"
  }

  expect_failures = [var.postgresql_external_host]
}

run "rejects_a_port_beyond_the_last" {
  command = plan

  variables {
    postgresql_external_port = 70000
  }

  expect_failures = [var.postgresql_external_port]
}

run "rejects_an_unknown_encryption" {
  command = plan

  variables {
    postgresql_external_ssl_mode = "maybe"
  }

  expect_failures = [var.postgresql_external_ssl_mode]
}

run "rejects_an_administrator_that_is_no_name" {
  command = plan

  variables {
    postgresql_external      = true
    postgresql_external_host = "db.example.com"
    postgresql_admin_user    = "a b"
  }

  expect_failures = [var.postgresql_admin_user]
}

run "rejects_another_administrator_of_the_installed_server" {
  command = plan

  variables {
    postgresql_admin_user = "root"
  }

  expect_failures = [var.postgresql_admin_user]
}

run "rejects_an_installed_server_without_databases" {
  command = plan

  variables {
    postgresql_create_databases = false
  }

  expect_failures = [var.postgresql_create_databases]
}

run "rejects_too_few_connections" {
  command = plan

  variables {
    postgresql_max_connections = 5
  }

  expect_failures = [var.postgresql_max_connections]
}

run "rejects_a_server_of_your_own_without_its_place" {
  command = plan

  variables {
    postgresql_external = true
  }

  expect_failures = [var.postgresql_external_host]
}
