# On purpose none of the resource's values: whoever read one would be re-created with this tool. Addresses are
# computed from variables by the stack.

output "tool" {
  description = "The tool's name, for messages."
  value       = var.tool
}
