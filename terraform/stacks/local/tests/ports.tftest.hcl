# Plans only: nothing here starts a service.

variables {
  jhub_proxy_secret_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_verify_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_shared_password = "eight-ch"
  jupyterhub_admin_password  = "0123456789abcdef0123456789abcdef"
}

run "rejects_jupyterhub_port_too_low" {
  command = plan

  variables {
    jupyterhub_port = 1023
  }

  expect_failures = [var.jupyterhub_port]
}

run "rejects_jupyterhub_port_too_high" {
  command = plan

  variables {
    jupyterhub_port = 65536
  }

  expect_failures = [var.jupyterhub_port]
}

run "rejects_jupyterhub_port_fraction" {
  command = plan

  variables {
    jupyterhub_port = 20000.5
  }

  expect_failures = [var.jupyterhub_port]
}

run "rejects_jupyterhub_hub_port_too_low" {
  command = plan

  variables {
    jupyterhub_hub_port = 1023
  }

  expect_failures = [var.jupyterhub_hub_port]
}

run "rejects_jupyterhub_hub_port_too_high" {
  command = plan

  variables {
    jupyterhub_hub_port = 65536
  }

  expect_failures = [var.jupyterhub_hub_port]
}

run "rejects_jupyterhub_hub_port_fraction" {
  command = plan

  variables {
    jupyterhub_hub_port = 20000.5
  }

  expect_failures = [var.jupyterhub_hub_port]
}

run "rejects_jupyterhub_hub_port_of_another" {
  command = plan

  variables {
    jupyterhub_hub_port = 8000
  }

  expect_failures = [var.jupyterhub_hub_port]
}

run "rejects_jupyterhub_proxy_api_port_too_low" {
  command = plan

  variables {
    jupyterhub_proxy_api_port = 1023
  }

  expect_failures = [var.jupyterhub_proxy_api_port]
}

run "rejects_jupyterhub_proxy_api_port_too_high" {
  command = plan

  variables {
    jupyterhub_proxy_api_port = 65536
  }

  expect_failures = [var.jupyterhub_proxy_api_port]
}

run "rejects_jupyterhub_proxy_api_port_fraction" {
  command = plan

  variables {
    jupyterhub_proxy_api_port = 20000.5
  }

  expect_failures = [var.jupyterhub_proxy_api_port]
}

run "rejects_jupyterhub_proxy_api_port_of_another" {
  command = plan

  variables {
    jupyterhub_proxy_api_port = 8000
  }

  expect_failures = [var.jupyterhub_proxy_api_port]
}

run "rejects_prefect_port_too_low" {
  command = plan

  variables {
    prefect_port = 1023
  }

  expect_failures = [var.prefect_port]
}

run "rejects_prefect_port_too_high" {
  command = plan

  variables {
    prefect_port = 65536
  }

  expect_failures = [var.prefect_port]
}

run "rejects_prefect_port_fraction" {
  command = plan

  variables {
    prefect_port = 20000.5
  }

  expect_failures = [var.prefect_port]
}

run "rejects_prefect_port_of_another" {
  command = plan

  variables {
    prefect_port = 8000
  }

  expect_failures = [var.prefect_port]
}

run "rejects_prefect_worker_health_port_too_low" {
  command = plan

  variables {
    prefect_worker_health_port = 1023
  }

  expect_failures = [var.prefect_worker_health_port]
}

run "rejects_prefect_worker_health_port_too_high" {
  command = plan

  variables {
    prefect_worker_health_port = 65536
  }

  expect_failures = [var.prefect_worker_health_port]
}

run "rejects_prefect_worker_health_port_fraction" {
  command = plan

  variables {
    prefect_worker_health_port = 20000.5
  }

  expect_failures = [var.prefect_worker_health_port]
}

run "rejects_prefect_worker_health_port_of_another" {
  command = plan

  variables {
    prefect_worker_health_port = 8000
  }

  expect_failures = [var.prefect_worker_health_port]
}

run "rejects_dask_scheduler_port_too_low" {
  command = plan

  variables {
    dask_scheduler_port = 1023
  }

  expect_failures = [var.dask_scheduler_port]
}

run "rejects_dask_scheduler_port_too_high" {
  command = plan

  variables {
    dask_scheduler_port = 65536
  }

  expect_failures = [var.dask_scheduler_port]
}

run "rejects_dask_scheduler_port_fraction" {
  command = plan

  variables {
    dask_scheduler_port = 20000.5
  }

  expect_failures = [var.dask_scheduler_port]
}

run "rejects_dask_scheduler_port_of_another" {
  command = plan

  variables {
    dask_scheduler_port = 8000
  }

  expect_failures = [var.dask_scheduler_port]
}

run "rejects_dask_dashboard_port_too_low" {
  command = plan

  variables {
    dask_dashboard_port = 1023
  }

  expect_failures = [var.dask_dashboard_port]
}

run "rejects_dask_dashboard_port_too_high" {
  command = plan

  variables {
    dask_dashboard_port = 65536
  }

  expect_failures = [var.dask_dashboard_port]
}

run "rejects_dask_dashboard_port_fraction" {
  command = plan

  variables {
    dask_dashboard_port = 20000.5
  }

  expect_failures = [var.dask_dashboard_port]
}

run "rejects_dask_dashboard_port_of_another" {
  command = plan

  variables {
    dask_dashboard_port = 8000
  }

  expect_failures = [var.dask_dashboard_port]
}

run "rejects_feast_port_too_low" {
  command = plan

  variables {
    feast_port = 1023
  }

  expect_failures = [var.feast_port]
}

run "rejects_feast_port_too_high" {
  command = plan

  variables {
    feast_port = 65536
  }

  expect_failures = [var.feast_port]
}

run "rejects_feast_port_fraction" {
  command = plan

  variables {
    feast_port = 20000.5
  }

  expect_failures = [var.feast_port]
}

run "rejects_feast_port_of_another" {
  command = plan

  variables {
    feast_port = 8000
  }

  expect_failures = [var.feast_port]
}

run "rejects_mlflow_port_too_low" {
  command = plan

  variables {
    mlflow_port = 1023
  }

  expect_failures = [var.mlflow_port]
}

run "rejects_mlflow_port_too_high" {
  command = plan

  variables {
    mlflow_port = 65536
  }

  expect_failures = [var.mlflow_port]
}

run "rejects_mlflow_port_fraction" {
  command = plan

  variables {
    mlflow_port = 20000.5
  }

  expect_failures = [var.mlflow_port]
}

run "rejects_mlflow_port_of_another" {
  command = plan

  variables {
    mlflow_port = 8000
  }

  expect_failures = [var.mlflow_port]
}

run "rejects_seldon_port_too_low" {
  command = plan

  variables {
    seldon_port = 1023
  }

  expect_failures = [var.seldon_port]
}

run "rejects_seldon_port_too_high" {
  command = plan

  variables {
    seldon_port = 65536
  }

  expect_failures = [var.seldon_port]
}

run "rejects_seldon_port_fraction" {
  command = plan

  variables {
    seldon_port = 20000.5
  }

  expect_failures = [var.seldon_port]
}

run "rejects_seldon_port_of_another" {
  command = plan

  variables {
    seldon_port = 8000
  }

  expect_failures = [var.seldon_port]
}

run "rejects_seldon_grpc_port_too_low" {
  command = plan

  variables {
    seldon_grpc_port = 1023
  }

  expect_failures = [var.seldon_grpc_port]
}

run "rejects_seldon_grpc_port_too_high" {
  command = plan

  variables {
    seldon_grpc_port = 65536
  }

  expect_failures = [var.seldon_grpc_port]
}

run "rejects_seldon_grpc_port_fraction" {
  command = plan

  variables {
    seldon_grpc_port = 20000.5
  }

  expect_failures = [var.seldon_grpc_port]
}

run "rejects_seldon_grpc_port_of_another" {
  command = plan

  variables {
    seldon_grpc_port = 8000
  }

  expect_failures = [var.seldon_grpc_port]
}

run "rejects_seldon_metrics_port_too_low" {
  command = plan

  variables {
    seldon_metrics_port = 1023
  }

  expect_failures = [var.seldon_metrics_port]
}

run "rejects_seldon_metrics_port_too_high" {
  command = plan

  variables {
    seldon_metrics_port = 65536
  }

  expect_failures = [var.seldon_metrics_port]
}

run "rejects_seldon_metrics_port_fraction" {
  command = plan

  variables {
    seldon_metrics_port = 20000.5
  }

  expect_failures = [var.seldon_metrics_port]
}

run "rejects_seldon_metrics_port_of_another" {
  command = plan

  variables {
    seldon_metrics_port = 8000
  }

  expect_failures = [var.seldon_metrics_port]
}

run "accepts_the_port_of_a_module_that_is_not_installed" {
  command = plan

  variables {
    install_mlflow = false
    seldon_port    = 5000
  }

  assert {
    condition     = output.addresses.seldon == "http://127.0.0.1:5000"
    error_message = "Port 5000 is free when MLflow isn't installed."
  }
}
