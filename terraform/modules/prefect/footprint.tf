locals {
  sizes = { for name, size in {
    server = { cpu = var.prefect_cpu, memory = var.prefect_memory }
    worker = { cpu = var.prefect_worker_cpu, memory = var.prefect_worker_memory }
    } : name => {
    cpu    = tonumber(trimsuffix(size.cpu, "m")) / (endswith(size.cpu, "m") ? 1000 : 1)
    memory = tonumber(regex("^[0-9]+", size.memory)) * local.quantity_mebibytes[regex("[A-Za-z]+$", size.memory)]
  } }

  # The chart's own limits are 1 core and 1 GiB: a larger request would be refused. Start takes twice the steady size.
  server_resources = {
    requests = { cpu = var.prefect_cpu, memory = var.prefect_memory }
    limits   = { cpu = tostring(max(1, 2 * local.sizes.server.cpu)), memory = "${max(1024, 2 * local.sizes.server.memory)}Mi" }
  }
  worker_resources = {
    requests = { cpu = var.prefect_worker_cpu, memory = var.prefect_worker_memory }
    limits   = { cpu = tostring(max(1, 2 * local.sizes.worker.cpu)), memory = "${max(1024, 2 * local.sizes.worker.memory)}Mi" }
  }
  workers = var.prefect_worker_enabled ? var.prefect_worker_replicas : 0
}
