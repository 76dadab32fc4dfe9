locals {
  cpu_parts    = regex("^([0-9]+)(m?)$", var.postgresql_cpu)
  cpu          = tonumber(local.cpu_parts[0]) / (local.cpu_parts[1] == "m" ? 1000 : 1)
  memory_parts = regex("^([0-9]+)([A-Za-z]*)$", var.postgresql_memory)
  memory       = tonumber(local.memory_parts[0]) * local.quantity_mebibytes[local.memory_parts[1]]
  disk_parts   = regex("^([0-9]+)([A-Za-z]*)$", var.postgresql_storage_size)
  disk         = tonumber(local.disk_parts[0]) * local.quantity_mebibytes[local.disk_parts[1]]
}
