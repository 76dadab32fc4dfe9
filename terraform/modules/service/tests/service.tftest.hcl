# Plans only: an apply would start a service.

run "settings_travel_as_text" {
  command = plan

  variables {
    tool     = "dask"
    settings = { scheduler_port = 8786, workers = 2, names = ["a", "b"] }
    digest   = "abc"
  }

  assert {
    condition     = terraform_data.service.input.tool == "dask"
    error_message = "the tool must be in the input, for the destroy provisioner"
  }

  assert {
    condition     = jsondecode(terraform_data.service.input.settings) == { names = ["a", "b"], scheduler_port = 8786, workers = 2 }
    error_message = "the settings must be the same after JSON"
  }

  assert {
    condition     = terraform_data.service.input.digest == "abc"
    error_message = "the digest must be in the input"
  }

  assert {
    condition     = output.tool == "dask"
    error_message = "the output must be known at plan time"
  }
}

run "a_tool_is_a_plain_name" {
  command = plan

  variables {
    tool = "dask; echo"
  }

  expect_failures = [var.tool]
}
