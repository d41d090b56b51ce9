#!/bin/sh
# Installs what one program needs to run, and nothing for development: `install-dependencies.sh @compound-search/api`.
set -eu
npm ci --workspace="$1" --omit=dev --no-audit --no-fund --loglevel=error
# Prisma's client names its command line and TypeScript as peers, since they generate it. It runs without them, and
# without what they alone need; they are half of all that npm installs.
cd node_modules
rm -rf prisma typescript effect @electric-sql
for package in @prisma/*; do
  case "$package" in
    @prisma/adapter-pg | @prisma/client | @prisma/client-runtime-utils | @prisma/debug | @prisma/driver-adapter-utils) ;;
    *) rm -rf "$package" ;;
  esac
done
find . -name '*.map' -delete
