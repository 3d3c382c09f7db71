-- What servers of several versions take differently. The file runs on each version that is here; a line `-- differs before N: reason` or
-- `-- differs since N: reason` says where the model is known to disagree.

-- sequence: words of tables
-- schema differs: Constraint n1 ON public.t is on the server only | since 18 a named NOT NULL is a constraint of its own, which the model keeps as the column's mark
CREATE TABLE t (a int, b text, c numeric(5, 2));
CREATE TABLE c1 (a text COMPRESSION pglz);
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;
CREATE TABLE c2 (LIKE t INCLUDING COMPRESSION);
CREATE TABLE c3 (a text STORAGE EXTERNAL);
ALTER TABLE t SET ACCESS METHOD heap;
CREATE TABLE g (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
ALTER TABLE g ALTER COLUMN b SET EXPRESSION AS (a + 2);
ALTER TABLE g ALTER COLUMN b DROP EXPRESSION;
CREATE TABLE u1 (a int UNIQUE NULLS NOT DISTINCT);
CREATE TABLE u2 (a int, UNIQUE NULLS NOT DISTINCT (a));
CREATE UNIQUE INDEX ui ON t (a) NULLS NOT DISTINCT;
CREATE TABLE k (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE f (a int, b int, FOREIGN KEY (a, b) REFERENCES k ON DELETE SET NULL (b));
ALTER TABLE t ADD CONSTRAINT n1 NOT NULL a;
ALTER TABLE t ADD CONSTRAINT n2 CHECK (a > 0) NOT ENFORCED;
CREATE TABLE v (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL);
CREATE TABLE tk (a int, b int4range, PRIMARY KEY (a, b WITHOUT OVERLAPS));

-- sequence: words of partitions
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p DETACH PARTITION p1 FINALIZE;

-- sequence: views, triggers, publications
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a FROM t;
ALTER VIEW v RENAME COLUMN a TO z;
CREATE VIEW v2 WITH (security_invoker = true) AS SELECT a FROM t;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE OR REPLACE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE PUBLICATION pu FOR TABLE t;
CREATE PUBLICATION pc FOR TABLE t (a);
CREATE PUBLICATION pw FOR TABLE t WHERE (a > 0);
CREATE PUBLICATION ps FOR TABLES IN SCHEMA public;

-- sequence: routines
CREATE FUNCTION f1(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE FUNCTION f2(a int) RETURNS int BEGIN ATOMIC SELECT a; END;
CREATE PROCEDURE pr(OUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE pr2(INOUT a int) LANGUAGE sql AS 'SELECT 1';

-- sequence: rows
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE TABLE s (a int, b text);
MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (s.a, s.b);
MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING t.a;
SELECT a FROM t ORDER BY a FETCH FIRST 1 ROW WITH TIES;

-- sequence: types, sequences, privileges
CREATE TYPE e AS ENUM ('a');
BEGIN;
ALTER TYPE e ADD VALUE 'b';
COMMIT;
CREATE TABLE m (a int4multirange);
CREATE TABLE n (a numeric(5, -2));
CREATE UNLOGGED SEQUENCE us;
CREATE TABLE t (a int);
GRANT MAINTAIN ON t TO PUBLIC;
REINDEX TABLE CONCURRENTLY t;
