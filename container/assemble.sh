#!/bin/sh
# Makes the file tree that the container runs: sources, production packages, nothing that builds or tests. assemble.sh FROM TO
set -eu
from=$1
to=$2
mkdir -p "$to/packages/playground"
cp "$from/package.json" "$from/package-lock.json" "$from/LICENSE" "$to/"
cp "$from/packages/playground/package.json" "$to/packages/playground/"
for name in contract server cli; do
  mkdir -p "$to/packages/$name"
  cp -R "$from/packages/$name/package.json" "$from/packages/$name/src" "$to/packages/$name/"
done
cp -R "$from/packages/cli/bin" "$to/packages/cli/"
mkdir -p "$to/docs"
cp -R "$from/docs/problems" "$to/docs/"
find "$to/packages" -name '*.test.ts' -delete
cd "$to"
npm ci --omit=dev --ignore-scripts --workspace=behalf --no-audit --no-fund --loglevel=error
# npm installs for every workspace of the lock file; what the broker lacks no longer is dropped.
rm -rf "$to/packages/playground"
npm prune --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
