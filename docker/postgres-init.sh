#!/bin/sh
# Run once by the image of PostgreSQL on an empty data folder: one user for Temporal and one for Nightshift, each with databases of its own.
set -eu
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set temporal `cat "$TEMPORAL_PASSWORD_FILE"`
\set nightshift `cat "$NIGHTSHIFT_PASSWORD_FILE"`
create role temporal login password :'temporal';
create role nightshift login password :'nightshift';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create database nightshift owner nightshift;
SQL
