#!/bin/sh
# sh docker/make-secrets.sh [folder] [host:port]: makes the passwords that docker-compose.yml reads, once; what is there is left as it is.
# `folder` is ./secrets when left out, `host:port` of PostgreSQL postgresql:5432.
set -eu
umask 077
folder=${1:-secrets}
database=${2:-postgresql:5432}
mkdir -p "$folder"
chmod 700 "$folder"

put() {
  [ -s "$folder/$1" ] || printf '%s' "$2" > "$folder/$1"
  # The folder is closed to others. The files are not, as the users in the containers, to whom they are handed one by one, have other numbers than you.
  chmod 644 "$folder/$1"
}

for name in postgres temporal nightshift; do
  put "${name}_password" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
put nightshift_database_url "postgres://nightshift:$(cat "$folder/nightshift_password")@$database/nightshift"
