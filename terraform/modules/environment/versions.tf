terraform {
  # 1.11 brought write-only arguments, which the stack needs; OpenTofu has them since 1.11 too.
  required_version = ">= 1.11"
}
