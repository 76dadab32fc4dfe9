# Every secret by the name under which a module says where it goes. Each module's part is beside it: `<module>_secrets`.
locals {
  secrets = merge(
    local.jupyterhub_secrets,
    local.prefect_secrets,
    local.feast_secrets,
    local.mlflow_secrets,
    local.postgresql_secrets,
    local.object_store_secrets,
    local.valkey_secrets,
  )

  # How often each of them changed. What the stack makes from parameters is counted by the module's part.
  secrets_revisions = merge(
    var.secrets_revisions,
    local.jupyterhub_secrets_revisions,
    local.prefect_secrets_revisions,
    local.postgresql_secrets_revisions,
    local.object_store_secrets_revisions,
    local.valkey_secrets_revisions,
  )
}
