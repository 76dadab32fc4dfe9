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
    local.seldon_secrets,
    local.environment_secrets_values,
  )

  # Those that come from one of two sources: the parameters of the one that is taken, and whether it is the second.
  secrets_sources = merge(
    local.jupyterhub_secrets_sources,
    local.postgresql_secrets_sources,
    local.object_store_secrets_sources,
    local.valkey_secrets_sources,
    local.seldon_secrets_sources,
  )

  # How often each of them changed. The second source's count is odd: going from one to the other is another value too.
  secrets_revisions = merge(
    var.secrets_revisions,
    { prefect_auth_string = lookup(var.secrets_revisions, "prefect_admin_password", 0) },
    {
      for name, source in local.secrets_sources :
      name => 2 * sum([for parameter in source.parameters : lookup(var.secrets_revisions, parameter, 0)]) + (source.second ? 1 : 0)
    },
  )
}
