locals {
  cpu_parts    = regex("^([0-9]+)(m?)$", var.mlflow_cpu)
  cpu          = tonumber(local.cpu_parts[0]) / (local.cpu_parts[1] == "m" ? 1000 : 1)
  memory_parts = regex("^([0-9]+)([A-Za-z]*)$", var.mlflow_memory)
  memory       = tonumber(local.memory_parts[0]) * local.quantity_mebibytes[local.memory_parts[1]]
}
