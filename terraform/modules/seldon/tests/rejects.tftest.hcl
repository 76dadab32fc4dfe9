# Plans only: the module touches no cluster.

run "rejects_namespace_with_capitals" {
  command = plan

  variables {
    seldon_namespace = "Seldon"
  }

  expect_failures = [var.seldon_namespace]
}

run "rejects_unknown_version" {
  command = plan

  variables {
    seldon_version = "2.9.1"
  }

  expect_failures = [var.seldon_version]
}

run "rejects_licence_that_is_not_accepted" {
  command = plan

  variables {
    seldon_version = "1.18.2"
  }

  expect_failures = [var.seldon_licence_accepted]
}

run "rejects_gateway_without_namespace" {
  command = plan

  variables {
    seldon_istio_gateway = "models"
  }

  expect_failures = [var.seldon_istio_gateway]
}

run "rejects_unknown_service_type" {
  command = plan

  variables {
    seldon_service_type = "ExternalName"
  }

  expect_failures = [var.seldon_service_type]
}

run "rejects_pull_secret_with_space" {
  command = plan

  variables {
    seldon_image_pull_secrets = [{ name = "my secret" }]
  }

  expect_failures = [var.seldon_image_pull_secrets]
}

run "rejects_cpu_with_a_point" {
  command = plan

  variables {
    seldon_model_cpu = "0.5"
  }

  expect_failures = [var.seldon_model_cpu]
}

run "rejects_memory_without_a_unit" {
  command = plan

  variables {
    seldon_model_memory = "256"
  }

  expect_failures = [var.seldon_model_memory]
}

run "rejects_timeout_of_a_second" {
  command = plan

  variables {
    seldon_timeout = 1
  }

  expect_failures = [var.seldon_timeout]
}

run "rejects_memory_limit_without_a_unit" {
  command = plan

  variables {
    seldon_model_memory_limit = "2048"
  }

  expect_failures = [var.seldon_model_memory_limit]
}
