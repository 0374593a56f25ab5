#!/bin/sh
# Makes the database and the roles of the services, and sets the roles' passwords. Can be repeated, for example with
# new passwords.
#   PGHOST, PGUSER, PGPASSWORD     server and superuser, as psql knows them
#   DATABASE                       name of the database, default eventshop
#   BOOTSTRAP_SQL                  path of bootstrap.sql, default /setup/bootstrap.sql
#   MIGRATOR_PASSWORD, COMMAND_SIDE_PASSWORD, QUERY_SIDE_PASSWORD, NOTIFICATION_PASSWORD
set -eu
: "${MIGRATOR_PASSWORD:?}" "${COMMAND_SIDE_PASSWORD:?}" "${QUERY_SIDE_PASSWORD:?}" "${NOTIFICATION_PASSWORD:?}"
database=${DATABASE:-eventshop}

psql -X -q -v ON_ERROR_STOP=1 -d postgres -v database="$database" <<'SQL'
SELECT format('CREATE DATABASE %I', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SQL
psql -X -q -v ON_ERROR_STOP=1 -d "$database" -f "${BOOTSTRAP_SQL:-/setup/bootstrap.sql}"
# By \getenv: on psql's command line, other users of the machine could read them.
psql -X -q -v ON_ERROR_STOP=1 -d "$database" <<'SQL'
\getenv migrator MIGRATOR_PASSWORD
\getenv command_side COMMAND_SIDE_PASSWORD
\getenv query_side QUERY_SIDE_PASSWORD
\getenv notification NOTIFICATION_PASSWORD
SET log_statement = 'none';
ALTER ROLE eventshop_migrator PASSWORD :'migrator';
ALTER ROLE command_side PASSWORD :'command_side';
ALTER ROLE query_side PASSWORD :'query_side';
ALTER ROLE notification PASSWORD :'notification';
SQL
echo "database $database and its roles are ready"
