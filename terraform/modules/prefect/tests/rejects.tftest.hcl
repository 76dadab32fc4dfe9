# Plans only: the module touches no cluster.

run "rejects_namespace_with_capitals" {
  command = plan

  variables {
    prefect_namespace = "Prefect"
  }

  expect_failures = [var.prefect_namespace]
}

run "rejects_unknown_service_type" {
  command = plan

  variables {
    prefect_service_type = "ExternalName"
  }

  expect_failures = [var.prefect_service_type]
}

run "rejects_api_address_without_api" {
  command = plan

  variables {
    prefect_ui_api_url = "https://prefect.example.com"
  }

  expect_failures = [var.prefect_ui_api_url]
}

run "rejects_tag_with_space" {
  command = plan

  variables {
    prefect_version_tag = "3 8"
  }

  expect_failures = [var.prefect_version_tag]
}

run "rejects_image_with_a_tag" {
  command = plan

  variables {
    prefect_image_repository = "prefecthq/prefect:3"
  }

  expect_failures = [var.prefect_image_repository]
}

run "rejects_unknown_pull_policy" {
  command = plan

  variables {
    prefect_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.prefect_image_pull_policy]
}

run "rejects_pull_secret_with_space" {
  command = plan

  variables {
    prefect_image_pull_secrets = [{ name = "my secret" }]
  }

  expect_failures = [var.prefect_image_pull_secrets]
}

run "rejects_service_account_with_capitals" {
  command = plan

  variables {
    prefect_service_account_name = "Prefect"
  }

  expect_failures = [var.prefect_service_account_name]
}

run "rejects_database_name_with_hyphen" {
  command = plan

  variables {
    prefect_database_name = "pre-fect"
  }

  expect_failures = [var.prefect_database_name]
}

run "rejects_database_user_with_space" {
  command = plan

  variables {
    prefect_database_user = "pre fect"
  }

  expect_failures = [var.prefect_database_user]
}

run "rejects_cpu_with_a_point" {
  command = plan

  variables {
    prefect_cpu = "0.5"
  }

  expect_failures = [var.prefect_cpu]
}

run "rejects_memory_without_a_unit" {
  command = plan

  variables {
    prefect_memory = "512"
  }

  expect_failures = [var.prefect_memory]
}

run "rejects_timeout_of_a_second" {
  command = plan

  variables {
    prefect_timeout = 1
  }

  expect_failures = [var.prefect_timeout]
}

run "rejects_work_pool_with_slash" {
  command = plan

  variables {
    prefect_work_pool = "a/b"
  }

  expect_failures = [var.prefect_work_pool]
}

run "rejects_work_pool_that_prefect_keeps" {
  command = plan

  variables {
    prefect_work_pool = "Prefect-pool"
  }

  expect_failures = [var.prefect_work_pool]
}

run "rejects_queue_with_space" {
  command = plan

  variables {
    prefect_work_queues = ["my queue"]
  }

  expect_failures = [var.prefect_work_queues]
}

run "rejects_no_workers" {
  command = plan

  variables {
    prefect_worker_replicas = 0
  }

  expect_failures = [var.prefect_worker_replicas]
}

run "rejects_half_a_worker" {
  command = plan

  variables {
    prefect_worker_replicas = 1.5
  }

  expect_failures = [var.prefect_worker_replicas]
}

run "rejects_job_image_without_a_tag" {
  command = plan

  variables {
    prefect_job_image = "registry.example.com/flows"
  }

  expect_failures = [var.prefect_job_image]
}

run "rejects_negative_time_of_jobs" {
  command = plan

  variables {
    prefect_job_ttl = -1
  }

  expect_failures = [var.prefect_job_ttl]
}

run "rejects_worker_cpu_with_a_point" {
  command = plan

  variables {
    prefect_worker_cpu = "0.5"
  }

  expect_failures = [var.prefect_worker_cpu]
}

run "rejects_worker_memory_without_a_unit" {
  command = plan

  variables {
    prefect_worker_memory = "256"
  }

  expect_failures = [var.prefect_worker_memory]
}
