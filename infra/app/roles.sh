# Runs in the init container of the migration job (infra/app/migrate.bicep): busybox sh, psql.
set -eu
resource=https%3A%2F%2Fossrdbms-aad.database.windows.net
answer=$(wget -q -O - --header "X-IDENTITY-HEADER: $IDENTITY_HEADER" \
  "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=$resource&client_id=$AZURE_CLIENT_ID")
PGPASSWORD=$(printf '%s' "$answer" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
export PGPASSWORD PGSSLMODE=require
for pair in "$SILO_ROLE $SILO_ID" "$INGEST_ROLE $INGEST_ID"; do
  set -- $pair
  psql -v ON_ERROR_STOP=1 -d postgres -v role="$1" -v id="$2" <<'SQL'
select * from pgaadauth_create_principal_with_oid(:'role', :'id', 'service', false, false)
where not exists (select from pg_roles where rolname = :'role');
SQL
  # The tables are not there yet: what the migration makes later shall be theirs to read and write.
  psql -v ON_ERROR_STOP=1 -d "$DATABASE" -v role="$1" -v database="$DATABASE" <<'SQL'
grant connect on database :"database" to :"role";
grant usage on schema public to :"role";
grant select, insert, update, delete on all tables in schema public to :"role";
grant execute on all functions in schema public to :"role";
alter default privileges in schema public grant select, insert, update, delete on tables to :"role";
alter default privileges in schema public grant execute on functions to :"role";
SQL
done
