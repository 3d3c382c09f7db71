-- sequence: grants of every kind
CREATE ROLE regress_u1;
CREATE ROLE regress_u2 LOGIN;
CREATE GROUP regress_g1 WITH USER regress_u1;
ALTER GROUP regress_g1 ADD USER regress_u2;
-- not judged: what somebody could do as a member of the role is not followed: who may read what can change
ALTER GROUP regress_g1 DROP USER nosuchuser;
GRANT regress_g1 TO regress_u1 WITH ADMIN OPTION;
GRANT regress_g1 TO regress_g1;
GRANT regress_u1 TO regress_g1;
CREATE TABLE atest1 (a int, b text);
CREATE TABLE atest2 (col1 varchar(10), col2 boolean);
CREATE VIEW atestv AS SELECT * FROM atest1;
CREATE SEQUENCE atests;
CREATE FUNCTION atestf(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE PROCEDURE atestp(int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE atesta(int) (sfunc = int4pl, stype = int4);
CREATE TYPE atestt AS ENUM ('a');
CREATE DOMAIN atestd AS int;
CREATE SCHEMA atesti;
GRANT SELECT ON atest1 TO regress_u1;
GRANT SELECT, INSERT ON atest1, atest2 TO regress_u1, regress_u2 WITH GRANT OPTION;
GRANT ALL ON atest1 TO PUBLIC;
GRANT ALL ON atest1 TO PUBLIC WITH GRANT OPTION;
GRANT SELECT (a), UPDATE (a, b) ON atest1 TO regress_u2;
GRANT SELECT (nosuch) ON atest1 TO regress_u2;
GRANT DELETE (a) ON atest1 TO regress_u2;
GRANT SELECT ON nosuch TO regress_u2;
GRANT USAGE ON atest1 TO regress_u2;
GRANT EXECUTE ON atest1 TO regress_u2;
GRANT NOSUCH ON atest1 TO regress_u2;
GRANT SELECT ON atests TO regress_u2;
GRANT USAGE ON atests TO regress_u2;
GRANT USAGE, UPDATE ON SEQUENCE atests TO regress_u2;
GRANT DELETE ON SEQUENCE atests TO regress_u2;
GRANT SELECT ON SEQUENCE atest1 TO regress_u2;
GRANT EXECUTE ON FUNCTION atestf(int) TO regress_u1;
GRANT EXECUTE ON FUNCTION atestf TO regress_u1;
GRANT EXECUTE ON FUNCTION nosuch(int) TO regress_u1;
GRANT EXECUTE ON FUNCTION atestp(int) TO regress_u1;
GRANT EXECUTE ON PROCEDURE atestp(int) TO regress_u1;
GRANT EXECUTE ON PROCEDURE atestf(int) TO regress_u1;
GRANT EXECUTE ON ROUTINE atestp(int), atestf(int) TO regress_u1;
GRANT EXECUTE ON FUNCTION atesta(int) TO regress_u1;
GRANT USAGE ON FUNCTION atestf(int) TO regress_u1;
GRANT USAGE ON TYPE atestt TO regress_u1;
GRANT USAGE ON DOMAIN atestd TO regress_u1;
GRANT USAGE ON DOMAIN atestt TO regress_u1;
GRANT USAGE ON TYPE nosuch TO regress_u1;
GRANT SELECT ON TYPE atestt TO regress_u1;
GRANT USAGE ON LANGUAGE sql TO regress_u1;
GRANT USAGE ON LANGUAGE c TO regress_u1;
GRANT USAGE ON LANGUAGE nosuch TO regress_u1;
GRANT USAGE, CREATE ON SCHEMA atesti TO regress_u1;
GRANT SELECT ON SCHEMA atesti TO regress_u1;
GRANT USAGE ON SCHEMA nosuch TO regress_u1;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO regress_u2;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO regress_u2;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO regress_u2;
GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA public TO regress_u2;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public, atesti TO regress_u2;
GRANT SELECT ON ALL TABLES IN SCHEMA nosuch TO regress_u2;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM regress_u2;
REVOKE SELECT ON atest1 FROM PUBLIC;
REVOKE GRANT OPTION FOR SELECT ON atest1 FROM regress_u1;
REVOKE ALL PRIVILEGES ON atest1 FROM regress_u1 CASCADE;
REVOKE SELECT ON atest1 FROM regress_u1 RESTRICT;
REVOKE UPDATE (a) ON atest1 FROM regress_u2;
REVOKE ALL (a) ON atest1 FROM regress_u2;
REVOKE EXECUTE ON FUNCTION atestf(int) FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
REVOKE USAGE ON TYPE atestt FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT SELECT ON atest1 TO regress_u1 GRANTED BY CURRENT_USER;
GRANT SELECT ON atest1 TO regress_u1 GRANTED BY regress_u2;
GRANT SELECT ON atestv TO regress_u1, CURRENT_USER, SESSION_USER;
GRANT SELECT ON atest1_nosuch, atest1 TO regress_u1;
GRANT SET ON PARAMETER work_mem TO regress_u1;
GRANT ALTER SYSTEM ON PARAMETER work_mem, "my.thing" TO regress_u1;
GRANT SELECT ON PARAMETER work_mem TO regress_u1;
GRANT USAGE ON FOREIGN DATA WRAPPER nosuch TO regress_u1;
GRANT CREATE ON TABLESPACE pg_default TO regress_u1;
GRANT SELECT ON TABLESPACE pg_default TO regress_u1;
ALTER TABLE atest1 OWNER TO regress_u1;
ALTER TABLE atest1 ADD COLUMN c int;
GRANT SELECT (c) ON atest1 TO regress_u2;
ALTER TABLE atest1 DROP COLUMN c;
DROP ROLE regress_u1;
REASSIGN OWNED BY regress_u1 TO regress_u2;
DROP OWNED BY regress_u1;
DROP ROLE regress_u1;
REASSIGN OWNED BY regress_u2 TO CURRENT_USER;
DROP OWNED BY regress_u2, regress_g1 CASCADE;
DROP ROLE regress_u2, regress_g1;
DROP ROLE IF EXISTS regress_u2;

-- sequence: default privileges
CREATE ROLE regress_d1;
CREATE ROLE regress_d2;
CREATE SCHEMA testns;
ALTER DEFAULT PRIVILEGES IN SCHEMA testns GRANT SELECT ON TABLES TO PUBLIC;
CREATE TABLE testns.acltest1 (x int);
ALTER DEFAULT PRIVILEGES IN SCHEMA testns GRANT INSERT ON TABLES TO regress_d1;
CREATE TABLE testns.acltest2 (x int);
CREATE VIEW testns.aclv AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW testns.aclm AS SELECT 1 AS a;
ALTER DEFAULT PRIVILEGES IN SCHEMA testns REVOKE INSERT ON TABLES FROM regress_d1;
CREATE TABLE testns.acltest3 (x serial);
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO regress_d2;
CREATE SEQUENCE testns.acls;
CREATE TABLE testns.acltest4 (x serial, y int GENERATED ALWAYS AS IDENTITY);
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION testns.foo() RETURNS int AS 'SELECT 1' LANGUAGE sql;
CREATE AGGREGATE testns.agg1(int) (sfunc = int4pl, stype = int4);
CREATE PROCEDURE testns.bar() AS 'SELECT 1' LANGUAGE sql;
ALTER DEFAULT PRIVILEGES IN SCHEMA testns GRANT EXECUTE ON ROUTINES TO PUBLIC;
CREATE FUNCTION testns.foo2() RETURNS int AS 'SELECT 1' LANGUAGE sql;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
CREATE DOMAIN testns.dom AS int;
CREATE TYPE testns.en AS ENUM ('a');
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO regress_d1;
ALTER DEFAULT PRIVILEGES IN SCHEMA testns GRANT ALL ON SCHEMAS TO regress_d1;
CREATE SCHEMA testns2;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_d1 GRANT SELECT ON TABLES TO regress_d2 WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON TABLES TO regress_d2;
ALTER DEFAULT PRIVILEGES IN SCHEMA nosuch GRANT SELECT ON TABLES TO regress_d2;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO regress_d2;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM regress_d2;
DROP ROLE regress_d2;
DROP OWNED BY regress_d2;
DROP ROLE regress_d2;
DROP SCHEMA testns CASCADE;

-- sequence: row security
CREATE ROLE regress_rls_a;
CREATE ROLE regress_rls_b;
CREATE TABLE document (did int PRIMARY KEY, cid int, dlevel int NOT NULL, dauthor name, dtitle text);
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
CREATE POLICY p1 ON document AS PERMISSIVE USING (dlevel <= (SELECT 1));
CREATE POLICY p1 ON document AS PERMISSIVE USING (dlevel <= 1);
CREATE POLICY p1r ON document AS RESTRICTIVE TO regress_rls_b USING (cid <> 44);
CREATE POLICY p1x ON document AS UGLY USING (cid < 50);
CREATE POLICY p2 ON document FOR INSERT USING (true);
CREATE POLICY p2 ON document FOR INSERT WITH CHECK (dauthor = current_user);
CREATE POLICY p3 ON document FOR SELECT WITH CHECK (true);
CREATE POLICY p3 ON document FOR DELETE WITH CHECK (true);
CREATE POLICY p3 ON document FOR SELECT TO PUBLIC, regress_rls_a USING (true);
CREATE POLICY p4 ON document FOR UPDATE TO regress_rls_a, regress_rls_b USING (dauthor = current_user) WITH CHECK (dlevel > 0);
CREATE POLICY p5 ON document FOR TRUNCATE USING (true);
CREATE POLICY p5 ON document USING (nosuch);
CREATE POLICY p5 ON document USING (did);
CREATE POLICY p5 ON document USING (count(*) > 1);
CREATE POLICY p5 ON document USING (generate_series(1,2) > 1);
CREATE POLICY p5 ON document USING (row_number() OVER () > 1);
CREATE POLICY p5 ON nosuch USING (true);
CREATE VIEW dv AS SELECT * FROM document;
CREATE POLICY p5 ON dv USING (true);
CREATE POLICY p5 ON document USING (EXISTS (SELECT 1 FROM document d WHERE d.did = document.did));
ALTER POLICY p5 ON document USING (false) WITH CHECK (false);
ALTER POLICY p5 ON document TO regress_rls_a;
ALTER POLICY p2 ON document USING (true);
ALTER POLICY p3 ON document WITH CHECK (true);
ALTER POLICY nosuch ON document USING (true);
ALTER POLICY p5 ON document RENAME TO p4;
ALTER POLICY p5 ON document RENAME TO p55;
COMMENT ON POLICY p55 ON document IS 'x';
COMMENT ON POLICY nosuch ON document IS 'x';
ALTER TABLE document DROP COLUMN dauthor;
ALTER TABLE document ALTER COLUMN dlevel TYPE bigint;
ALTER TABLE document RENAME COLUMN dlevel TO lvl;
DROP POLICY nosuch ON document;
DROP POLICY IF EXISTS nosuch ON document;
DROP POLICY IF EXISTS nosuch ON nosuch;
DROP POLICY p4 ON document;
DROP ROLE regress_rls_b;
DROP OWNED BY regress_rls_b;
DROP ROLE regress_rls_b;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE TABLE pdoc (a int) PARTITION BY LIST (a);
CREATE TABLE pdoc1 PARTITION OF pdoc FOR VALUES IN (1);
CREATE POLICY pp ON pdoc USING (a > 0);
CREATE FUNCTION polf(int) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE POLICY pf ON pdoc1 USING (polf(a));
DROP FUNCTION polf(int);
DROP FUNCTION polf(int) CASCADE;

-- sequence: roles
CREATE ROLE regress_r1 SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS;
CREATE USER regress_r2 PASSWORD 'x' CONNECTION LIMIT 3 VALID UNTIL '2030-01-01' IN ROLE regress_r1;
CREATE USER regress_r2;
CREATE ROLE regress_r3 ROLE regress_r1 ADMIN regress_r2 NOINHERIT;
CREATE ROLE regress_r4 SUPERUSER NOSUPERUSER;
CREATE ROLE regress_r4 NOSUCH;
CREATE ROLE regress_r4 CONNECTION LIMIT -5;
CREATE ROLE regress_r4 VALID UNTIL 'nosuch';
CREATE ROLE regress_r4 ENCRYPTED PASSWORD NULL;
CREATE ROLE pg_abc;
CREATE ROLE "public";
CREATE ROLE none;
CREATE ROLE current_user;
CREATE ROLE "Mixed";
-- not judged: what the role regress_r4 does can change: ALTER ROLE … WITH NOLOGIN CREATEDB is not followed
ALTER ROLE regress_r4 WITH NOLOGIN CREATEDB;
ALTER ROLE regress_r4 SUPERUSER SUPERUSER;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER ROLE regress_r4 RENAME TO regress_r1;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER ROLE regress_r4 RENAME TO pg_x;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER ROLE regress_r4 RENAME TO regress_r5;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER USER regress_r5 PASSWORD 'x';
-- differs: roles belong to the server: one that was never heard of may be there
DROP USER regress_r4;
-- differs: roles belong to the server: one that was never heard of may be there
DROP ROLE regress_r5, regress_r3;
COMMENT ON ROLE regress_r1 IS 'x';
SET ROLE regress_r1;
CREATE TABLE owned (a int);
RESET ROLE;
SET SESSION AUTHORIZATION regress_r2;
RESET SESSION AUTHORIZATION;
DROP ROLE regress_r1;
ALTER TABLE owned OWNER TO CURRENT_USER;
DROP ROLE regress_r1, regress_r2, "Mixed";

-- sequence: transactions
BEGIN;
CREATE TABLE xx (a int);
SAVEPOINT one;
CREATE TABLE xx (a int);
CREATE TABLE yy (a int);
ROLLBACK TO one;
CREATE TABLE yy (a int);
RELEASE SAVEPOINT one;
RELEASE one;
ROLLBACK;
SELECT * FROM xx;
BEGIN;
SAVEPOINT a;
SAVEPOINT a;
ROLLBACK TO SAVEPOINT b;
ROLLBACK TO a;
CREATE TABLE zz (a int);
COMMIT;
SELECT * FROM zz;
COMMIT;
ROLLBACK;
SAVEPOINT x;
RELEASE x;
ROLLBACK TO x;
START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE;
CREATE TABLE ro (a int);
ROLLBACK;
BEGIN READ ONLY;
INSERT INTO zz VALUES (1);
ROLLBACK;
BEGIN READ ONLY;
SELECT 1;
CREATE TEMP TABLE ro (a int);
ROLLBACK;
BEGIN TRANSACTION ISOLATION LEVEL nosuch;
BEGIN WORK;
SET TRANSACTION READ ONLY;
DROP TABLE zz;
ROLLBACK WORK;
BEGIN;
CREATE INDEX CONCURRENTLY ON zz (a);
ROLLBACK;
BEGIN;
VACUUM zz;
ROLLBACK;
BEGIN;
COMMIT AND CHAIN;
CREATE TABLE chained (a int);
ROLLBACK AND CHAIN;
COMMIT;
SELECT * FROM chained;
COMMIT AND CHAIN;
END;
ABORT;
BEGIN;
LOCK TABLE zz IN ACCESS EXCLUSIVE MODE NOWAIT;
LOCK zz IN NOSUCH MODE;
ROLLBACK;
LOCK TABLE zz;
PREPARE TRANSACTION 'x';
-- differs: prepared transactions belong to the server
COMMIT PREPARED 'nosuch';
-- differs: prepared transactions belong to the server
ROLLBACK PREPARED 'nosuch';

-- sequence: utility
CREATE TABLE ut (a int PRIMARY KEY, b text);
CREATE INDEX ut_b ON ut (b);
CREATE VIEW utv AS SELECT * FROM ut;
CLUSTER ut USING ut_b;
CLUSTER ut;
CLUSTER;
CLUSTER utv;
CLUSTER nosuch;
VACUUM;
VACUUM (ANALYZE, VERBOSE) ut (a, b);
-- differs: not checked yet (0A000)
VACUUM (FULL, PARALLEL 2) ut;
-- differs: not checked yet (42601)
VACUUM (PARALLEL -1) ut;
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_LOCKED, INDEX_CLEANUP auto) ut;
VACUUM utv;
VACUUM nosuch;
VACUUM FULL FREEZE VERBOSE ANALYZE ut;
VACUUM ut (a);
ANALYZE ut (a, a);
ANALYZE (VERBOSE) ut, utv;
ANALYZE ut_b;
REINDEX TABLE ut;
REINDEX INDEX ut_b;
REINDEX INDEX ut;
REINDEX TABLE ut_b;
REINDEX TABLE utv;
REINDEX (VERBOSE) TABLE CONCURRENTLY ut;
REINDEX INDEX nosuch;
REINDEX SCHEMA public;
REINDEX SCHEMA nosuch;
-- differs: databases and large objects belong to the server
REINDEX DATABASE nosuch;
CHECKPOINT;
LISTEN foo;
NOTIFY foo, 'x';
UNLISTEN *;
DISCARD PLANS;
DISCARD TEMP;
EXPLAIN SELECT * FROM ut;
-- differs: what is explained and not run is not looked at
EXPLAIN SELECT * FROM nosuch;
EXPLAIN (ANALYZE, FORMAT json, COSTS off) INSERT INTO ut VALUES (1, 'x');
-- differs: what is explained and not run is not looked at
EXPLAIN (FORMAT nosuch) SELECT 1;
-- differs: what is explained and not run is not looked at
EXPLAIN (nosuch) SELECT 1;
EXPLAIN CREATE TABLE x AS SELECT 1 AS a;
-- differs: what is explained and not run is not looked at
EXPLAIN CREATE TABLE x (a int);
-- not judged: what the procedure `q1` does is not read
PREPARE q1 AS SELECT * FROM ut;
-- not judged: what the procedure `q1` does is not read
PREPARE q1 AS SELECT 1;
-- not judged: what the procedure `q1` does is not read
EXECUTE q1;
-- not judged: what the procedure `nosuch` does is not read
EXECUTE nosuch;
-- not judged: what the procedure `q2` does is not read
PREPARE q2 (int) AS SELECT * FROM ut WHERE a = $1;
-- not judged: what the procedure `q2` does is not read
EXECUTE q2;
-- not judged: what the procedure `q2` does is not read
EXECUTE q2 (1);
-- not judged: what the procedure `q2` does is not read
EXECUTE q2 ('x');
-- not judged: what the procedure `q3` does is not read
PREPARE q3 AS SELECT * FROM nosuch;
-- not judged: the columns of a prepared query are not known here
CREATE TABLE cta AS EXECUTE q2 (1);
DEALLOCATE q1;
-- differs: cursors and prepared statements are not in the model
DEALLOCATE q1;
DEALLOCATE ALL;
-- differs: cursors and prepared statements are not in the model
DECLARE c CURSOR FOR SELECT 1;
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM ut;
FETCH 1 FROM c;
MOVE FORWARD ALL IN c;
CLOSE c;
-- differs: cursors and prepared statements are not in the model
CLOSE c;
ROLLBACK;
DECLARE ch CURSOR WITH HOLD FOR SELECT * FROM ut;
FETCH ALL FROM ch;
CLOSE ch;
-- differs: cursors and prepared statements are not in the model
FETCH FROM ch;
-- differs: which settings there are, and their values, is not in the model
SET nosuchparam = 1;
SET work_mem = '1MB';
-- differs: which settings there are, and their values, is not in the model
SET work_mem TO nosuch;
SET LOCAL work_mem = '2MB';
SHOW work_mem;
-- differs: which settings there are, and their values, is not in the model
SHOW nosuch;
RESET work_mem;
-- differs: which settings there are, and their values, is not in the model
RESET nosuch;
RESET ALL;
SET my.custom = 'x';
SHOW my.custom;
SET search_path = a, b, "C";
SET search_path TO DEFAULT;
SET TIME ZONE 'UTC';
SET DateStyle = 'ISO, MDY';
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;
SET standard_conforming_strings = off;
-- differs: which settings there are, and their values, is not in the model
SET client_min_messages = nosuch;
SET client_min_messages = warning;
-- differs: roles belong to the server: one that was never heard of may be there
SET ROLE nosuch;
SET ROLE none;
DO $$ BEGIN NULL; END $$;
DO LANGUAGE sql $$ SELECT 1 $$;
DO $$ BEGIN CREATE TABLE fromdo (a int); END $$;
DO $$ BEGIN PERFORM nosuch(); END $$;
LOAD 'plpgsql';
-- differs: who keeps labels is not in the model
SECURITY LABEL ON TABLE ut IS 'x';
COMMENT ON DATABASE nosuch IS 'x';
COMMENT ON TABLESPACE pg_default IS 'x';
