locals {
  sizes = { for name, size in {
    scheduler = { cpu = var.dask_scheduler_cpu, memory = var.dask_scheduler_memory }
    worker    = { cpu = var.dask_worker_cpu, memory = var.dask_worker_memory }
    } : name => {
    cpu    = tonumber(trimsuffix(size.cpu, "m")) / (endswith(size.cpu, "m") ? 1000 : 1)
    memory = tonumber(regex("^[0-9]+", size.memory)) * local.quantity_mebibytes[regex("[A-Za-z]+$", size.memory)]
  } }
}
