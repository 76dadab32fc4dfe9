#!/bin/sh
# The steps of the Dockerfile that need more than a line: `build.sh uv`, `build.sh LOCK FOLDER PLUGIN…`.
set -eu
what=$1

if [ "$what" = uv ]; then
	python3 -m pip install --quiet --root-user-action=ignore --no-deps --only-binary :all: --require-hashes -r /build/uv.txt
	exit
fi

# The index's login: lines UV_INDEX_PACKAGES_USERNAME=… and UV_INDEX_PACKAGES_PASSWORD=…; in no layer and no argument.
if [ -s /run/secrets/index ]; then
	set -a
	. /run/secrets/index
	set +a
fi
folder=$2
shift 2
uv venv --quiet --python python3 "$folder"
install() { uv pip install --quiet --python "$folder/bin/python" "$@"; }
install --no-deps --require-hashes -r "/build/locks/$what.txt"
if [ -n "${PACKAGES:-}" ]; then
	# Without the hashes: what is asked for has none, and all or none must have them.
	sed -E -e 's/ *\\$//' -e '/^ +--hash=/d' "/build/locks/$what.txt" >/tmp/constraints.txt
	# shellcheck disable=SC2086  # one argument a package
	install --constraints /tmp/constraints.txt --overrides /build/locks/overrides.in $PACKAGES
fi
for plugin in "$@"; do
	install --no-deps --no-index "/build/plugins/$plugin"
done
