# Plans only: nothing here starts a service.

variables {
  jhub_proxy_secret_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_verify_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_shared_password = "eight-ch"
  jupyterhub_admin_password  = "0123456789abcdef0123456789abcdef"
}

run "rejects_singleuser_packages_option" {
  command = plan

  variables {
    singleuser_packages = ["--index-url=https://example.org"]
  }

  expect_failures = [var.singleuser_packages]
}

run "rejects_singleuser_packages_second_option" {
  command = plan

  variables {
    singleuser_packages = ["lightgbm==4.6.0 --index-url=https://example.org"]
  }

  expect_failures = [var.singleuser_packages]
}

run "rejects_prefect_work_pool_slash" {
  command = plan

  variables {
    prefect_work_pool = "a/b"
  }

  expect_failures = [var.prefect_work_pool]
}

run "rejects_prefect_work_pool_reserved" {
  command = plan

  variables {
    prefect_work_pool = "Prefect-pool"
  }

  expect_failures = [var.prefect_work_pool]
}

run "rejects_dask_workers_none" {
  command = plan

  variables {
    dask_workers = 0
  }

  expect_failures = [var.dask_workers]
}

run "rejects_dask_workers_too_many" {
  command = plan

  variables {
    dask_workers = 65
  }

  expect_failures = [var.dask_workers]
}

run "rejects_dask_workers_fraction" {
  command = plan

  variables {
    dask_workers = 2.5
  }

  expect_failures = [var.dask_workers]
}

run "rejects_dask_worker_memory_unit" {
  command = plan

  variables {
    dask_worker_memory = "1GB"
  }

  expect_failures = [var.dask_worker_memory]
}

run "rejects_feast_project_hyphen" {
  command = plan

  variables {
    feast_project = "my-project"
  }

  expect_failures = [var.feast_project]
}

run "rejects_mlflow_artifact_root_relative" {
  command = plan

  variables {
    mlflow_artifact_root = "artifacts"
  }

  expect_failures = [var.mlflow_artifact_root]
}

run "rejects_seldon_models_directory_relative" {
  command = plan

  variables {
    seldon_models_directory = "models"
  }

  expect_failures = [var.seldon_models_directory]
}

run "accepts_requirements" {
  command = plan

  variables {
    singleuser_packages     = ["lightgbm", "pandas[excel]>=2", "torch == 2.9.0; python_version < '3.12'", "mine @ https://example.org/mine.whl"]
    mlflow_artifact_root    = "s3://bucket/path"
    seldon_models_directory = "/srv/models"
  }
}
