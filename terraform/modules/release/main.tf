locals {
  own_chart = var.release.repository == ""
  packaged  = var.charts_directory != "" && !local.own_chart
  package   = "${pathexpand(trimsuffix(var.charts_directory, "/"))}/${var.release.chart}-${var.release.version}.tgz"

  # A plan looks at values and version, never into a chart: what is in one of ours stands among its values.
  chart_files = local.own_chart ? { for file in fileset(var.release.chart, "**") : file => filesha256("${var.release.chart}/${file}") } : {}
  values      = concat([var.release.values], local.own_chart ? [yamlencode({ chartDigest = substr(sha256(jsonencode(local.chart_files)), 0, 16) })] : [])

  # A write-only argument is read only when its revision changes, so the revision follows the counters and also which
  # secrets are asked for: a chart may begin to need one that was there before.
  revisions = {
    for name, keys in var.release.secrets :
    name => parseint(substr(sha256(jsonencode([for key, secret in keys : [key, secret, lookup(var.secrets_revisions, secret, 0)]])), 0, 7), 16)
  }
  labels = {
    "app.kubernetes.io/managed-by" = "mlops-install"
    "app.kubernetes.io/part-of"    = var.release.name
  }
  failures = lookup(var.failures, var.release.name, 0)
}

resource "kubernetes_secret_v1" "this" {
  for_each = var.release.secrets

  metadata {
    name      = each.key
    namespace = var.release.namespace
    labels    = local.labels
  }

  data_wo          = { for key, name in each.value : key => var.secrets[name] }
  data_wo_revision = local.revisions[each.key]
}

resource "kubernetes_config_map_v1" "this" {
  for_each = var.release.files

  metadata {
    name      = each.key
    namespace = var.release.namespace
    labels    = local.labels
  }

  data        = each.value.data
  binary_data = each.value.binary
}

resource "kubernetes_service_account_v1" "this" {
  for_each = toset(var.release.service_accounts)

  metadata {
    name      = each.key
    namespace = var.release.namespace
    labels    = local.labels
  }
}

resource "helm_release" "this" {
  name       = var.release.name
  namespace  = var.release.namespace
  repository = local.packaged || local.own_chart ? null : var.release.repository
  chart      = local.packaged ? local.package : var.release.chart
  version    = var.release.version
  # A failed upgrade leaves the earlier values in the state. When those are asked for again, hashicorp/helm 3.1 takes it
  # that nothing of the release will change, and fails of its own upgrade ("inconsistent result after apply").
  values = concat(local.values, local.failures > 0 ? ["{} # it failed ${local.failures} times"] : [])

  set_wo = length(var.release.secret_values) == 0 ? null : [for path, name in var.release.secret_values : { name = path, value = var.secrets[name] }]
  # Here it is a count: an upgrade takes the values only when their revision was raised (Helm provider 3.1.2).
  set_wo_revision = length(var.release.secret_values) == 0 ? null : max(1, sum([for secret in values(var.release.secret_values) : lookup(var.secrets_revisions, secret, 0)]))

  wait          = var.release.wait
  wait_for_jobs = var.release.wait
  timeout       = var.release.timeout
  # A first install that failed is in the cluster but not in the state; this repairs it instead of refusing its name.
  upgrade_install = true
  # Evidence of a failure stays, for the diagnosis. What an upgrade of a chart of ours made goes: the next one compares
  # with the last that went well, and a DaskCluster, whose name follows its settings, would stay for ever.
  atomic          = false
  cleanup_on_fail = local.own_chart
  max_history     = 5

  depends_on = [kubernetes_secret_v1.this, kubernetes_config_map_v1.this, kubernetes_service_account_v1.this]
}
