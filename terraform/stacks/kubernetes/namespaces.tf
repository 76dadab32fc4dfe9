locals {
  namespaces = toset(concat(
    var.install_jupyterhub ? [var.jupyterhub_namespace] : [],
    var.install_prefect ? [var.prefect_namespace] : [],
    var.install_dask ? [var.dask_namespace] : [],
    var.install_feast ? [var.feast_namespace] : [],
    var.install_mlflow ? [var.mlflow_namespace] : [],
    var.install_seldon ? [var.seldon_namespace] : [],
    var.install_postgresql ? [var.postgresql_namespace] : [],
    var.install_object_store ? [var.object_store_namespace] : [],
    var.install_valkey ? [var.valkey_namespace] : [],
  ))
}

# Two modules may share one, and one that was kept goes on when its module is gone: removing it would remove the volumes.
resource "kubernetes_namespace_v1" "this" {
  for_each = setsubtract(setunion(local.namespaces, var.kept_namespaces), var.existing_namespaces)

  metadata {
    name   = each.key
    labels = { "app.kubernetes.io/managed-by" = "mlops-install" }
  }
}
