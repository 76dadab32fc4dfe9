# What the recipes beside it have in common; sourced by their `build`. The rig's README tells the format.
set -euo pipefail
: "${RIG:?}" "${OUT:?}"
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../../../.." && pwd)
locks=$project/installer/mlops_install/environment/locks
plugins=$project/plugins
uv=$project/.venv/bin/uv
. "$RIG/tools/lib.sh"

# environment FOLDER LOCK PLUGINS…: as images/environment/Dockerfile makes it, on the base's own Python.
environment() {
	local folder=$1 lock=$2
	shift 2
	add_user jovyan 1000 /home/jovyan
	apt_install tini git ca-certificates libgomp1
	"$uv" -q venv --relocatable --no-project --python /usr/bin/python3.11 "$OUT$folder"
	export UV_LINK_MODE=copy
	"$uv" pip install -q --python "$OUT$folder/bin/python" --no-deps --require-hashes -r "$lock"
	"$uv" pip install -q --python "$OUT$folder/bin/python" --no-deps --no-index "$@"
	# A pod's user can't write here: what isn't compiled now is compiled at each start.
	"$OUT$folder/bin/python" -m compileall -q -j 0 "$OUT$folder/lib" || true
}
