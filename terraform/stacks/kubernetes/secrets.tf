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
}
