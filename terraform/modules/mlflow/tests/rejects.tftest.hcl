# Plans only: the module touches no cluster.

run "rejects_namespace_with_capitals" {
  command = plan

  variables {
    mlflow_namespace = "MLflow"
  }

  expect_failures = [var.mlflow_namespace]
}

run "rejects_unknown_service_type" {
  command = plan

  variables {
    mlflow_service_type = "ExternalName"
  }

  expect_failures = [var.mlflow_service_type]
}

run "rejects_administrator_with_space" {
  command = plan

  variables {
    mlflow_admin_user = "the admin"
  }

  expect_failures = [var.mlflow_admin_user]
}

run "rejects_unknown_permission" {
  command = plan

  variables {
    mlflow_default_permission = "ALL"
  }

  expect_failures = [var.mlflow_default_permission]
}

run "rejects_allowed_host_with_scheme" {
  command = plan

  variables {
    mlflow_allowed_hosts = ["https://mlflow.example.com"]
  }

  expect_failures = [var.mlflow_allowed_hosts]
}

run "rejects_artifact_root_in_a_folder" {
  command = plan

  variables {
    mlflow_artifact_root = "/srv/artifacts"
  }

  expect_failures = [var.mlflow_artifact_root]
}

run "rejects_database_name_with_hyphen" {
  command = plan

  variables {
    mlflow_database_name = "ml-flow"
  }

  expect_failures = [var.mlflow_database_name]
}

run "rejects_database_user_with_space" {
  command = plan

  variables {
    mlflow_database_user = "ml flow"
  }

  expect_failures = [var.mlflow_database_user]
}

run "rejects_image_with_a_tag" {
  command = plan

  variables {
    mlflow_image_repository = "burakince/mlflow:3.15.1"
  }

  expect_failures = [var.mlflow_image_repository]
}

run "rejects_tag_with_space" {
  command = plan

  variables {
    mlflow_image_tag = "3 15"
  }

  expect_failures = [var.mlflow_image_tag]
}

run "rejects_unknown_pull_policy" {
  command = plan

  variables {
    mlflow_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.mlflow_image_pull_policy]
}

run "rejects_pull_secret_with_space" {
  command = plan

  variables {
    mlflow_image_pull_secrets = [{ name = "my secret" }]
  }

  expect_failures = [var.mlflow_image_pull_secrets]
}

run "rejects_no_workers" {
  command = plan

  variables {
    mlflow_workers = 0
  }

  expect_failures = [var.mlflow_workers]
}

run "rejects_half_a_worker" {
  command = plan

  variables {
    mlflow_workers = 1.5
  }

  expect_failures = [var.mlflow_workers]
}

run "rejects_cpu_with_a_point" {
  command = plan

  variables {
    mlflow_cpu = "0.5"
  }

  expect_failures = [var.mlflow_cpu]
}

run "rejects_memory_without_a_unit" {
  command = plan

  variables {
    mlflow_memory = "512"
  }

  expect_failures = [var.mlflow_memory]
}

run "rejects_timeout_of_a_second" {
  command = plan

  variables {
    mlflow_timeout = 1
  }

  expect_failures = [var.mlflow_timeout]
}
