-- sequence: schemas
CREATE SCHEMA s;
CREATE SCHEMA s;
CREATE SCHEMA IF NOT EXISTS s;
CREATE SCHEMA pg_x;
CREATE SCHEMA s2 CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t CREATE INDEX ON t (a) CREATE SEQUENCE q;
-- differs: not checked yet (42P15)
CREATE SCHEMA s3 CREATE TABLE s2.t (a int);
CREATE SCHEMA s3 CREATE VIEW v AS SELECT a FROM t CREATE TABLE t (a int);
CREATE SCHEMA s4 CREATE TABLE t (a nosuch);
CREATE SCHEMA IF NOT EXISTS s5 CREATE TABLE t (a int);
-- not judged: this statement was not understood
CREATE SCHEMA AUTHORIZATION CURRENT_USER;
-- differs: roles belong to the server: one that was never heard of may be there
CREATE SCHEMA s6 AUTHORIZATION nosuch;
CREATE SCHEMA s7 CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER SCHEMA s RENAME TO ss;
ALTER SCHEMA ss RENAME TO s2;
ALTER SCHEMA ss RENAME TO pg_y;
ALTER SCHEMA nosuch RENAME TO x;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER SCHEMA ss OWNER TO nosuch;
ALTER SCHEMA ss OWNER TO CURRENT_USER;
COMMENT ON SCHEMA ss IS 'x';
COMMENT ON SCHEMA nosuch IS 'x';
DROP SCHEMA nosuch;
DROP SCHEMA IF EXISTS nosuch;
DROP SCHEMA s2;
DROP SCHEMA s2, ss CASCADE;
-- differs: what the server brings along is not an object of the model
DROP SCHEMA pg_catalog;
SET search_path = nosuch;
CREATE TABLE x (a int);
SET search_path = s3, public;
CREATE TABLE x (a int);
SELECT * FROM t;
SET search_path TO DEFAULT;
RESET search_path;
-- differs: a form that the model refuses and the server takes
CREATE TABLE information_schema.x (a int);
SET search_path = 'public';
SELECT set_config('search_path', 's3', false);
CREATE TABLE y (a int);
RESET ALL;
-- differs: which settings there are, and their values, is not in the model
SET nosuch = 1;
SET nosuch.x = 1;
-- differs: which settings there are, and their values, is not in the model
SET work_mem = 'x';
SET work_mem = '4MB';
SET LOCAL work_mem = '4MB';
SET TIME ZONE 'UTC';
-- differs: which settings there are, and their values, is not in the model
SET TIME ZONE 'nosuch';
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
-- differs: roles belong to the server: one that was never heard of may be there
SET ROLE nosuch;
-- differs: roles belong to the server: one that was never heard of may be there
SET SESSION AUTHORIZATION nosuch;
SET statement_timeout = '5s';
-- differs: which settings there are, and their values, is not in the model
SET lock_timeout = -3;
SHOW work_mem;
-- differs: which settings there are, and their values, is not in the model
SHOW nosuch;
-- differs: which settings there are, and their values, is not in the model
SET default_tablespace = nosuch;
-- differs: which settings there are, and their values, is not in the model
SET max_connections = 10;
DISCARD ALL;

-- sequence: roles and grants
CREATE ROLE r_one;
CREATE ROLE r_one;
CREATE USER r_two PASSWORD 'x' CREATEDB;
CREATE ROLE r_three IN ROLE r_one ROLE r_two;
-- differs: roles belong to the server: one that was never heard of may be there
CREATE ROLE r_four IN ROLE nosuch;
CREATE ROLE pg_four;
CREATE ROLE public;
CREATE ROLE none;
CREATE ROLE r_four NOSUCH;
CREATE ROLE r_four LOGIN NOLOGIN;
CREATE ROLE r_four CONNECTION LIMIT -5;
CREATE GROUP r_five;
ALTER ROLE r_one LOGIN;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER ROLE nosuch LOGIN;
ALTER ROLE r_one RENAME TO r_two;
ALTER ROLE r_one RENAME TO r_uno;
-- not judged: what the role r_uno does can change
ALTER ROLE r_uno SET search_path = s;
-- not judged: what the role r_uno does can change
ALTER ROLE r_uno SET nosuch = s;
-- not judged: what the role r_uno does can change
ALTER ROLE r_uno RESET ALL;
ALTER USER r_two WITH PASSWORD NULL;
ALTER GROUP r_five ADD USER r_two;
-- not judged: what the role r_five does can change
ALTER GROUP r_five DROP USER r_two;
GRANT r_uno TO r_two;
GRANT r_two TO r_uno;
-- differs: roles belong to the server: one that was never heard of may be there
GRANT nosuch TO r_two;
-- differs: roles belong to the server: one that was never heard of may be there
GRANT r_uno TO nosuch;
GRANT r_uno TO r_two WITH ADMIN OPTION;
-- not judged: what somebody could do as a member of the role is not followed
REVOKE ADMIN OPTION FOR r_uno FROM r_two;
-- not judged: what somebody could do as a member of the role is not followed
REVOKE r_uno FROM r_two;
-- not judged: what somebody could do as a member of the role is not followed
REVOKE r_uno FROM r_five;
CREATE TABLE t (a int, b text);
CREATE SEQUENCE sq;
CREATE VIEW v AS SELECT a FROM t;
CREATE SCHEMA s AUTHORIZATION r_uno;
CREATE TYPE ty AS ENUM ('a');
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT SELECT ON t TO r_uno;
GRANT SELECT, INSERT ON TABLE t, v TO r_uno, r_two WITH GRANT OPTION;
GRANT SELECT (a), UPDATE (b) ON t TO r_two;
GRANT SELECT (nosuch) ON t TO r_two;
GRANT DELETE (a) ON t TO r_two;
GRANT ALL ON t TO PUBLIC;
GRANT ALL (a) ON t TO r_two;
-- differs: roles belong to the server: one that was never heard of may be there
GRANT SELECT ON t TO nosuch;
GRANT SELECT ON nosuch TO r_uno;
GRANT USAGE ON t TO r_uno;
GRANT EXECUTE ON t TO r_uno;
GRANT USAGE ON sq TO r_uno;
GRANT USAGE ON SEQUENCE sq TO r_uno;
GRANT USAGE ON SEQUENCE t TO r_uno;
GRANT INSERT ON SEQUENCE sq TO r_uno;
GRANT USAGE, CREATE ON SCHEMA s TO r_two;
GRANT SELECT ON SCHEMA s TO r_two;
GRANT USAGE ON SCHEMA nosuch TO r_two;
GRANT USAGE ON TYPE ty TO r_two;
GRANT USAGE ON TYPE nosuch TO r_two;
GRANT EXECUTE ON FUNCTION f() TO r_two;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO r_two;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO r_two;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO r_two;
GRANT SELECT ON ALL TABLES IN SCHEMA nosuch TO r_two;
GRANT CONNECT ON DATABASE postgres TO r_two;
-- differs: databases and large objects belong to the server
GRANT CONNECT ON DATABASE nosuch TO r_two;
GRANT USAGE ON LANGUAGE sql TO r_two;
GRANT USAGE ON LANGUAGE internal TO r_two;
GRANT USAGE ON LANGUAGE nosuch TO r_two;
GRANT USAGE ON FOREIGN SERVER nosuch TO r_two;
GRANT CREATE ON TABLESPACE nosuch TO r_two;
GRANT MAINTAIN ON t TO r_two;
GRANT NOSUCH ON t TO r_two;
REVOKE SELECT ON t FROM r_uno;
REVOKE GRANT OPTION FOR SELECT ON t FROM r_two;
REVOKE ALL ON t FROM r_two CASCADE;
-- differs: roles belong to the server: one that was never heard of may be there
REVOKE ALL ON t FROM nosuch;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER TABLE t OWNER TO r_uno;
ALTER SEQUENCE sq OWNER TO r_uno;
ALTER TYPE ty OWNER TO r_uno;
ALTER FUNCTION f() OWNER TO r_uno;
ALTER VIEW v OWNER TO r_two;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r_two;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT USAGE ON SEQUENCES TO r_two;
ALTER DEFAULT PRIVILEGES FOR ROLE r_uno REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER DEFAULT PRIVILEGES FOR ROLE nosuch GRANT SELECT ON TABLES TO r_two;
ALTER DEFAULT PRIVILEGES IN SCHEMA nosuch GRANT SELECT ON TABLES TO r_two;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TABLES TO r_two;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO nosuch;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT USAGE ON SCHEMAS TO r_two;
CREATE TABLE later (a int);
CREATE SEQUENCE s.laters;
DROP ROLE r_uno;
-- differs: roles belong to the server: one that was never heard of may be there
DROP ROLE nosuch;
DROP ROLE IF EXISTS nosuch;
REASSIGN OWNED BY r_uno TO r_two;
REASSIGN OWNED BY nosuch TO r_two;
DROP OWNED BY r_uno;
DROP OWNED BY nosuch;
DROP ROLE r_uno;
DROP OWNED BY r_two CASCADE;
DROP ROLE r_two, r_three;
DROP ROLE r_five;
COMMENT ON ROLE nosuch IS 'x';

-- sequence: comments and extensions
CREATE TABLE t (a int, b text, CONSTRAINT ck CHECK (a > 0));
CREATE INDEX i ON t (a);
COMMENT ON TABLE t IS 'tee';
COMMENT ON TABLE nosuch IS 'x';
COMMENT ON TABLE i IS 'x';
COMMENT ON COLUMN t.a IS 'x';
COMMENT ON COLUMN t.nosuch IS 'x';
COMMENT ON COLUMN nosuch.a IS 'x';
COMMENT ON COLUMN i.a IS 'x';
COMMENT ON INDEX i IS 'x';
COMMENT ON INDEX t IS 'x';
COMMENT ON CONSTRAINT ck ON t IS 'x';
COMMENT ON CONSTRAINT nosuch ON t IS 'x';
COMMENT ON CONSTRAINT ck ON DOMAIN nosuch IS 'x';
COMMENT ON TABLE t IS NULL;
COMMENT ON DATABASE nosuch IS 'x';
COMMENT ON EXTENSION plpgsql IS 'x';
COMMENT ON EXTENSION nosuch IS 'x';
COMMENT ON LANGUAGE sql IS 'x';
COMMENT ON LANGUAGE nosuch IS 'x';
COMMENT ON TABLESPACE nosuch IS 'x';
COMMENT ON ACCESS METHOD btree IS 'x';
COMMENT ON ACCESS METHOD nosuch IS 'x';
COMMENT ON COLLATION "C" IS 'x';
COMMENT ON COLLATION nosuch IS 'x';
-- differs: databases and large objects belong to the server
COMMENT ON LARGE OBJECT 1 IS 'x';
COMMENT ON nosuch t IS 'x';
CREATE EXTENSION citext;
CREATE EXTENSION citext;
CREATE EXTENSION IF NOT EXISTS citext;
-- not judged: what the extension `nosuch` brings along is not known
CREATE EXTENSION nosuch;
CREATE EXTENSION hstore SCHEMA nosuch;
CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
-- differs: versions and files of extensions are not in the model
CREATE EXTENSION pg_trgm VERSION 'nosuch';
-- differs: versions and files of extensions are not in the model
CREATE EXTENSION earthdistance;
CREATE EXTENSION earthdistance CASCADE;
CREATE TABLE ct (a citext PRIMARY KEY, h ext.hstore DEFAULT '', x hstore);
CREATE TABLE ct (a citext PRIMARY KEY, h ext.hstore DEFAULT '');
CREATE INDEX ON ct USING gin (h);
ALTER EXTENSION citext SET SCHEMA ext;
ALTER EXTENSION citext UPDATE;
-- not judged: what another version of the extension brings is not known
ALTER EXTENSION citext UPDATE TO 'nosuch';
ALTER EXTENSION nosuch UPDATE;
ALTER EXTENSION citext ADD TABLE t;
DROP TABLE t;
ALTER EXTENSION citext DROP TABLE t;
ALTER EXTENSION citext DROP TABLE t;
DROP TYPE ext.citext;
DROP EXTENSION citext;
DROP EXTENSION citext CASCADE;
DROP EXTENSION nosuch;
DROP EXTENSION IF EXISTS nosuch;
DROP SCHEMA ext;
DROP SCHEMA ext CASCADE;
-- differs: a form that the model refuses and the server takes
DROP EXTENSION plpgsql;
