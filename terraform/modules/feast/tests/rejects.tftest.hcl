# Plans only: the module touches no cluster.

run "rejects_namespace_with_capitals" {
  command = plan

  variables {
    feast_namespace = "Feast"
  }

  expect_failures = [var.feast_namespace]
}

run "rejects_unknown_service_type" {
  command = plan

  variables {
    feast_service_type = "ExternalName"
  }

  expect_failures = [var.feast_service_type]
}

run "rejects_project_with_hyphen" {
  command = plan

  variables {
    feast_project = "my-project"
  }

  expect_failures = [var.feast_project]
}

run "rejects_no_servers" {
  command = plan

  variables {
    feast_replicas = 0
  }

  expect_failures = [var.feast_replicas]
}

run "rejects_half_a_server" {
  command = plan

  variables {
    feast_replicas = 1.5
  }

  expect_failures = [var.feast_replicas]
}

run "rejects_image_with_a_tag" {
  command = plan

  variables {
    feast_image_repository = "feastdev/feature-server:0.66.0"
  }

  expect_failures = [var.feast_image_repository]
}

run "rejects_tag_with_space" {
  command = plan

  variables {
    feast_image_tag = "0 66"
  }

  expect_failures = [var.feast_image_tag]
}

run "rejects_unknown_pull_policy" {
  command = plan

  variables {
    feast_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.feast_image_pull_policy]
}

run "rejects_pull_secret_with_space" {
  command = plan

  variables {
    feast_image_pull_secrets = [{ name = "my secret" }]
  }

  expect_failures = [var.feast_image_pull_secrets]
}

run "rejects_database_name_with_hyphen" {
  command = plan

  variables {
    feast_database_name = "fea-st"
  }

  expect_failures = [var.feast_database_name]
}

run "rejects_database_user_with_space" {
  command = plan

  variables {
    feast_database_user = "fea st"
  }

  expect_failures = [var.feast_database_user]
}

run "rejects_cpu_with_a_point" {
  command = plan

  variables {
    feast_cpu = "0.5"
  }

  expect_failures = [var.feast_cpu]
}

run "rejects_memory_without_a_unit" {
  command = plan

  variables {
    feast_memory = "512"
  }

  expect_failures = [var.feast_memory]
}

run "rejects_timeout_of_a_second" {
  command = plan

  variables {
    feast_timeout = 1
  }

  expect_failures = [var.feast_timeout]
}
