-- Two roles: `portal_owner` owns the tables and migrates, `portal` works. The journal and the ledgers only grow:
-- the working role may not change or delete their rows, whatever a fault or an intruder in the application tries
-- (triggers in the migrations say the same a second time).
--
--   psql -d portal -v owner_password=… -v app_password=… -f deploy/postgres/roles.sql     once, before the first migrate
--   manage.py migrate                                 with PORTAL_DATABASE_URL of portal_owner
--   psql -d portal -v owner_password=… -v app_password=… -f deploy/postgres/roles.sql     after every migrate

SELECT format('CREATE ROLE portal_owner LOGIN PASSWORD %L', :'owner_password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') \gexec
SELECT format('CREATE ROLE portal LOGIN PASSWORD %L', :'app_password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal') \gexec

SELECT format('GRANT CONNECT ON DATABASE %I TO portal, portal_owner', current_database()) \gexec
SELECT format('GRANT CREATE ON DATABASE %I TO portal_owner', current_database()) \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO portal_owner;
GRANT USAGE ON SCHEMA public TO portal;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO portal;

-- Append-only: every journal table (details fall silent when the person's key is erased, not by deletion) and every
-- ledger. django_migrations belongs to the owner alone.
SELECT format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM portal', tablename)
FROM pg_tables
WHERE schemaname = 'public' AND (tablename ~ '^portal_journal' OR tablename ~ '(ledger|pointentry|stockentry)') \gexec
SELECT format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM portal', tablename)
FROM pg_tables WHERE schemaname = 'public' AND tablename = 'django_migrations' \gexec
