# Plans only: the module touches no cluster.

run "rejects_namespace_with_capitals" {
  command = plan

  variables {
    dask_namespace = "Dask"
  }

  expect_failures = [var.dask_namespace]
}

run "rejects_unknown_service_type" {
  command = plan

  variables {
    dask_service_type = "ExternalName"
  }

  expect_failures = [var.dask_service_type]
}

run "rejects_no_workers" {
  command = plan

  variables {
    dask_worker_replicas = 0
  }

  expect_failures = [var.dask_worker_replicas]
}

run "rejects_half_a_worker" {
  command = plan

  variables {
    dask_worker_replicas = 1.5
  }

  expect_failures = [var.dask_worker_replicas]
}

run "rejects_no_threads" {
  command = plan

  variables {
    dask_worker_threads = 0
  }

  expect_failures = [var.dask_worker_threads]
}

run "rejects_half_a_thread" {
  command = plan

  variables {
    dask_worker_threads = 1.5
  }

  expect_failures = [var.dask_worker_threads]
}

run "rejects_worker_cpu_with_a_point" {
  command = plan

  variables {
    dask_worker_cpu = "0.5"
  }

  expect_failures = [var.dask_worker_cpu]
}

run "rejects_worker_memory_without_a_unit" {
  command = plan

  variables {
    dask_worker_memory = "1024"
  }

  expect_failures = [var.dask_worker_memory]
}

run "rejects_scheduler_cpu_with_a_point" {
  command = plan

  variables {
    dask_scheduler_cpu = "0.5"
  }

  expect_failures = [var.dask_scheduler_cpu]
}

run "rejects_scheduler_memory_without_a_unit" {
  command = plan

  variables {
    dask_scheduler_memory = "256"
  }

  expect_failures = [var.dask_scheduler_memory]
}

run "rejects_worker_image_with_a_tag" {
  command = plan

  variables {
    dask_worker_image_repository = "daskdev/dask:2021.7.0"
  }

  expect_failures = [var.dask_worker_image_repository]
}

run "rejects_worker_tag_with_space" {
  command = plan

  variables {
    dask_worker_image_tag = "2026 8"
  }

  expect_failures = [var.dask_worker_image_tag]
}

run "rejects_unknown_worker_pull_policy" {
  command = plan

  variables {
    dask_worker_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.dask_worker_image_pull_policy]
}

run "rejects_scheduler_image_with_a_tag" {
  command = plan

  variables {
    dask_scheduler_image_repository = "daskdev/dask:2021.7.0"
  }

  expect_failures = [var.dask_scheduler_image_repository]
}

run "rejects_scheduler_tag_with_space" {
  command = plan

  variables {
    dask_scheduler_image_tag = "2026 8"
  }

  expect_failures = [var.dask_scheduler_image_tag]
}

run "rejects_unknown_scheduler_pull_policy" {
  command = plan

  variables {
    dask_scheduler_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.dask_scheduler_image_pull_policy]
}

run "rejects_pull_secret_with_space" {
  command = plan

  variables {
    dask_worker_image_pull_secrets = [{ name = "my secret" }]
  }

  expect_failures = [var.dask_worker_image_pull_secrets]
}

run "rejects_command_with_quotes" {
  command = plan

  variables {
    dask_worker_command = "sh -c \"dask worker\""
  }

  expect_failures = [var.dask_worker_command]
}

run "rejects_environment_variable_with_hyphen" {
  command = plan

  variables {
    dask_worker_environment_variables = [{ name = "EXTRA-PACKAGES", value = "" }]
  }

  expect_failures = [var.dask_worker_environment_variables]
}

run "rejects_timeout_of_a_second" {
  command = plan

  variables {
    dask_timeout = 1
  }

  expect_failures = [var.dask_timeout]
}

run "rejects_worker_image_without_its_tag" {
  command = plan

  variables {
    dask_worker_image_repository = "ghcr.io/dask/dask"
  }

  expect_failures = [var.dask_worker_image_tag]
}

run "rejects_scheduler_image_beside_the_environment" {
  command = plan

  variables {
    dask_scheduler_image_repository = "ghcr.io/dask/dask"
  }

  expect_failures = [var.dask_scheduler_image_repository]
}
