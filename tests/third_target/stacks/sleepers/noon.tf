resource "terraform_data" "noon" {
  count            = var.install_noon ? 1 : 0
  triggers_replace = var.noon_seconds

  provisioner "local-exec" {
    command = "nohup sleep ${var.noon_seconds} </dev/null >/dev/null 2>&1 & echo $! >noon.pid"
  }

  provisioner "local-exec" {
    when    = destroy
    command = "kill $(cat noon.pid); rm -f noon.pid"
  }
}
