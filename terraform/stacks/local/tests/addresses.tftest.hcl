# Plans only: nothing here starts a service.

variables {
  jhub_proxy_secret_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_verify_token    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  jupyterhub_shared_password = "eight-ch"
  jupyterhub_admin_password  = "0123456789abcdef0123456789abcdef"
}

run "addresses_at_defaults" {
  command = plan

  assert {
    condition = output.addresses == tomap({
      jupyterhub = "http://127.0.0.1:8000"
      prefect    = "http://127.0.0.1:4200"
      dask       = "tcp://127.0.0.1:8786"
      feast      = "http://127.0.0.1:6566"
      mlflow     = "http://127.0.0.1:5000"
      seldon     = "http://127.0.0.1:8080"
    })
    error_message = "These are the addresses that the README and the checks name."
  }

  assert {
    condition = output.environment == tomap({
      MLFLOW_TRACKING_URI            = "http://127.0.0.1:5000"
      PREFECT_DEFAULT_WORK_POOL_NAME = "local-pool"
      PREFECT_API_URL                = "http://127.0.0.1:4200/api"
      DASK_SCHEDULER_ADDRESS         = "tcp://127.0.0.1:8786"
      FEAST_SERVER_URL               = "http://127.0.0.1:6566"
      SELDON_URL                     = "http://127.0.0.1:8080"
    })
    error_message = "Notebooks read the addresses under these names."
  }
}

run "addresses_follow_the_ports" {
  command = plan

  variables {
    jupyterhub_port     = 18000
    prefect_port        = 14200
    dask_scheduler_port = 18786
    feast_port          = 16566
    mlflow_port         = 15000
    seldon_port         = 18080
  }

  assert {
    condition     = alltrue([for address in values(output.addresses) : can(regex("://127\\.0\\.0\\.1:1[0-9]{4}$", address))])
    error_message = "Each address has the port that was chosen."
  }

  assert {
    condition     = output.environment.PREFECT_API_URL == "http://127.0.0.1:14200/api" && output.environment.DASK_SCHEDULER_ADDRESS == "tcp://127.0.0.1:18786"
    error_message = "Notebooks get the chosen ports."
  }
}

run "two_modules_alone" {
  command = plan

  variables {
    install_prefect = false
    install_dask    = false
    install_feast   = false
    install_seldon  = false
  }

  assert {
    condition     = output.addresses == tomap({ jupyterhub = "http://127.0.0.1:8000", mlflow = "http://127.0.0.1:5000" })
    error_message = "Only what is installed has an address."
  }

  assert {
    condition     = output.environment == tomap({ MLFLOW_TRACKING_URI = "http://127.0.0.1:5000" })
    error_message = "Notebooks hear of what is installed only."
  }

  assert {
    condition     = length(module.mlflow_service) == 1 && length(module.dask_service) == 0
    error_message = "A switch makes or leaves out the service."
  }
}

run "nothing_at_all" {
  command = plan

  variables {
    install_jupyterhub = false
    install_prefect    = false
    install_dask       = false
    install_feast      = false
    install_mlflow     = false
    install_seldon     = false
  }

  assert {
    condition     = length(output.addresses) == 0 && length(output.environment) == 0
    error_message = "Destroying without purging is a plan with every switch off."
  }
}
