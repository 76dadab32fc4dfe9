# Providers are mocks: what the real ones do with it is held by the cluster tests.
mock_provider "helm" {}
mock_provider "kubernetes" {}

variables {
  release = {
    name          = "mlflow"
    chart         = "mlflow"
    repository    = "https://charts.example.com"
    version       = "1.11.5"
    namespace     = "mlflow"
    values        = "{}"
    timeout       = 600
    wait          = true
    secrets       = { "mlflow-db" = { username = "mlflow_database_user", password = "mlflow_database_password" } }
    secret_values = {}
  }
  secrets           = { mlflow_database_user = "mlflow", mlflow_database_password = "pw", other = "other" }
  secrets_revisions = { mlflow_database_password = 1, other = 1 }
}

run "takes_the_chart_from_its_repository" {
  command = plan

  assert {
    condition     = helm_release.this.repository == "https://charts.example.com" && helm_release.this.chart == "mlflow" && helm_release.this.version == "1.11.5"
    error_message = "The chart is named by its repository, name and version."
  }

  assert {
    condition     = length(helm_release.this.values) == 1
    error_message = "Another's chart takes the module's values alone: a schema may refuse others."
  }

  assert {
    condition     = helm_release.this.upgrade_install && helm_release.this.wait
    error_message = "A failed first install must be repaired by the next apply, and pods are waited for."
  }
}

run "takes_the_chart_from_the_folder" {
  command = plan

  variables {
    charts_directory = "/srv/charts/"
  }

  assert {
    condition     = helm_release.this.chart == "/srv/charts/mlflow-1.11.5.tgz" && helm_release.this.repository == null
    error_message = "With a folder of charts nothing is fetched from a repository."
  }
}

run "takes_an_own_chart_from_the_module_even_with_a_folder_of_charts" {
  command = plan

  variables {
    charts_directory = "/srv/charts"
    release = {
      name          = "databases"
      chart         = "./chart"
      repository    = ""
      version       = "1.0.0"
      namespace     = "data"
      values        = "{}"
      timeout       = 600
      wait          = true
      secrets       = {}
      secret_values = {}
    }
  }

  assert {
    condition     = helm_release.this.chart == "./chart" && helm_release.this.version == "1.0.0"
    error_message = "An own chart is the folder in its module, with the version of its Chart.yaml."
  }

  assert {
    condition     = length(helm_release.this.values) == 2 && can(regex("^[0-9a-f]{16}$", yamldecode(helm_release.this.values[1]).chartDigest))
    error_message = "A digest of its files is among its values: a plan sees nothing else of them."
  }
}

run "first_secrets" {
  command = plan

  assert {
    condition     = kubernetes_secret_v1.this["mlflow-db"].metadata[0].namespace == "mlflow"
    error_message = "A Secret is in the namespace of its release."
  }

  assert {
    condition     = kubernetes_secret_v1.this["mlflow-db"].data_wo_revision == parseint(substr(sha256(jsonencode([["password", "mlflow_database_password", 1], ["username", "mlflow_database_user", 0]])), 0, 7), 16)
    error_message = "Its revision is made of its keys, where they come from and how often these changed."
  }
}

run "a_secret_that_changed_is_written_again" {
  command = plan

  variables {
    secrets_revisions = { mlflow_database_password = 2, other = 1 }
  }

  assert {
    condition     = kubernetes_secret_v1.this["mlflow-db"].data_wo_revision == parseint(substr(sha256(jsonencode([["password", "mlflow_database_password", 2], ["username", "mlflow_database_user", 0]])), 0, 7), 16)
    error_message = "Another count is another revision."
  }
}

run "a_secret_that_it_does_not_hold_leaves_it_alone" {
  command = plan

  variables {
    secrets_revisions = { mlflow_database_password = 1, other = 2 }
  }

  assert {
    condition     = kubernetes_secret_v1.this["mlflow-db"].data_wo_revision == parseint(substr(sha256(jsonencode([["password", "mlflow_database_password", 1], ["username", "mlflow_database_user", 0]])), 0, 7), 16)
    error_message = "Another's count isn't counted."
  }
}

run "a_raised_counter_raises_the_revision_of_secret_values" {
  command = plan

  variables {
    release = {
      name          = "jupyterhub"
      chart         = "jupyterhub"
      repository    = "https://charts.example.com"
      version       = "4.4.0"
      namespace     = "jhub"
      values        = "{}"
      timeout       = 600
      wait          = true
      secrets       = {}
      secret_values = { "proxy.secretToken" = "other" }
    }
    secrets_revisions = { mlflow_database_password = 5, other = 2 }
  }

  assert {
    condition     = helm_release.this.set_wo_revision == 2
    error_message = "The provider takes the values only with a higher revision than the last: a hash is lower half the time."
  }
}

run "rejects_a_name_that_helm_refuses" {
  command = plan

  variables {
    release = {
      name          = "Ml_flow"
      chart         = "mlflow"
      repository    = "https://charts.example.com"
      version       = "1.11.5"
      namespace     = "mlflow"
      values        = "{}"
      timeout       = 600
      wait          = true
      secrets       = {}
      secret_values = {}
    }
  }

  expect_failures = [var.release]
}

run "rejects_a_repository_without_https" {
  command = plan

  variables {
    release = {
      name          = "mlflow"
      chart         = "mlflow"
      repository    = "http://charts.example.com"
      version       = "1.11.5"
      namespace     = "mlflow"
      values        = "{}"
      timeout       = 600
      wait          = true
      secrets       = {}
      secret_values = {}
    }
  }

  expect_failures = [var.release]
}

run "a_failure_is_seen_by_a_plan_with_the_same_values" {
  command = plan

  variables {
    failures = { mlflow = 2, other = 1 }
  }

  assert {
    condition     = length(helm_release.this.values) == 2 && length(yamldecode(helm_release.this.values[1])) == 0
    error_message = "The count stands behind the values and sets none."
  }
}

run "files_and_service_accounts_are_in_its_namespace" {
  command = plan

  variables {
    release = {
      name             = "jupyterhub"
      chart            = "jupyterhub"
      repository       = "https://charts.example.com"
      version          = "4.4.0"
      namespace        = "jhub"
      values           = "{}"
      timeout          = 600
      wait             = true
      secrets          = {}
      secret_values    = {}
      files            = { jupyterhub-environment = { data = { "install.py" = "pass" }, binary = { "lock.txt.gz" = "H4sIAAAAAAAA" } } }
      service_accounts = ["notebook"]
    }
  }

  assert {
    condition     = kubernetes_config_map_v1.this["jupyterhub-environment"].metadata[0].namespace == "jhub" && kubernetes_config_map_v1.this["jupyterhub-environment"].data["install.py"] == "pass" && kubernetes_config_map_v1.this["jupyterhub-environment"].binary_data["lock.txt.gz"] == "H4sIAAAAAAAA"
    error_message = "Texts, and what is written in base64."
  }

  assert {
    condition     = kubernetes_service_account_v1.this["notebook"].metadata[0].namespace == "jhub" && kubernetes_service_account_v1.this["notebook"].metadata[0].labels["app.kubernetes.io/part-of"] == "jupyterhub"
    error_message = "And an account, which says whose it is."
  }
}
