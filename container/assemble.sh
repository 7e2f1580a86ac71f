#!/bin/sh
# Makes the file tree that the container runs: the built program, the files it reads, production packages, nothing that builds or tests. assemble.sh FROM TO
set -eu
from=$1
to=$2
for name in playground sdk studio; do
  mkdir -p "$to/packages/$name"
  cp "$from/packages/$name/package.json" "$to/packages/$name/"
done
cp "$from/package.json" "$from/package-lock.json" "$from/LICENSE" "$to/"
for name in contract server cli; do
  mkdir -p "$to/packages/$name"
  cp -R "$from/packages/$name/package.json" "$from/packages/$name/src" "$to/packages/$name/"
done
cp "$from/packages/server/NOTICE" "$to/packages/server/"
# Program and studio are built where their tools are; only what they were built to comes along.
cd "$from"
[ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error
node_modules/.bin/node packages/studio/build.ts
cp -R packages/studio/dist "$to/packages/studio/"
node_modules/.bin/node packages/cli/build.ts
cp -R packages/cli/dist "$to/packages/cli/"
mkdir -p "$to/docs"
cp -R "$from/docs/problems" "$to/docs/"
find "$to/packages" -name '*.ts' -delete
cd "$to"
npm ci --omit=dev --ignore-scripts --workspace=behalf --no-audit --no-fund --loglevel=error
# npm installs for every workspace of the lock file; what the broker lacks no longer is dropped.
rm -rf "$to/packages/playground" "$to/packages/sdk" "$to/packages/studio/package.json"
npm prune --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
