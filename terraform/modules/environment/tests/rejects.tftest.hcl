# Plans only: the module touches no cluster.

run "rejects_package_with_an_option" {
  command = plan

  variables {
    singleuser_packages = ["--index-url https://example.com"]
  }

  expect_failures = [var.singleuser_packages]
}

run "rejects_image_without_a_tag" {
  command = plan

  variables {
    environment_image = "registry.example.com/team/environment"
  }

  expect_failures = [var.environment_image]
}

run "rejects_packages_beside_an_image" {
  command = plan

  variables {
    environment_image   = "registry.example.com/team/environment:1"
    singleuser_packages = ["polars"]
  }

  expect_failures = [var.environment_image]
}

run "rejects_serving_image_without_a_tag" {
  command = plan

  variables {
    serving_image = "registry.example.com/team/serving"
  }

  expect_failures = [var.serving_image]
}

run "rejects_packages_beside_a_serving_image" {
  command = plan

  variables {
    serving_image       = "registry.example.com/team/serving:1"
    singleuser_packages = ["polars"]
  }

  expect_failures = [var.serving_image]
}

run "rejects_unknown_pull_policy" {
  command = plan

  variables {
    environment_image_pull_policy = "Sometimes"
  }

  expect_failures = [var.environment_image_pull_policy]
}

run "rejects_pull_secret_with_capitals" {
  command = plan

  variables {
    environment_image_pull_secrets = [{ name = "Regcred" }]
  }

  expect_failures = [var.environment_image_pull_secrets]
}

run "rejects_storage_without_a_unit" {
  command = plan

  variables {
    environment_storage_size = "6"
  }

  expect_failures = [var.environment_storage_size]
}

run "rejects_index_with_a_password" {
  command = plan

  variables {
    package_index = "https://user:password@pypi.example.com/simple"
  }

  expect_failures = [var.package_index]
}

run "rejects_password_in_clear" {
  command = plan

  variables {
    package_index                = "http://pypi.example.com/simple"
    package_index_authentication = true
  }

  expect_failures = [var.package_index_authentication]
}
