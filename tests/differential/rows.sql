-- sequence: writing rows
CREATE TYPE comp AS (x int, y text);
CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL DEFAULT 'x', c int[], d comp, e varchar(3), f numeric(4, 2), g date);
CREATE TABLE u (a int REFERENCES t, z text);
INSERT INTO t (a, b) VALUES (1, 'x');
INSERT INTO t VALUES (1, 2, 3);
INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7, 8);
INSERT INTO t (a, nosuch) VALUES (1, 2);
INSERT INTO t (a, a) VALUES (1, 2);
INSERT INTO t (a) VALUES (1, 2);
INSERT INTO t (a, b) VALUES (1);
INSERT INTO t (a) VALUES ('x');
INSERT INTO t (a) VALUES ('5');
INSERT INTO t (a) VALUES (now());
-- differs: the rows decide, and rows are not in the model
INSERT INTO t (a, e) VALUES (8, 'abcd');
-- differs: the rows decide, and rows are not in the model
INSERT INTO t (a, f) VALUES (9, 1000);
INSERT INTO t (a, b) VALUES (10, NULL);
INSERT INTO t DEFAULT VALUES;
INSERT INTO nosuch VALUES (1);
-- not judged: this statement was not understood
INSERT INTO t (c[1]) VALUES (1);
-- not judged: this statement was not understood
INSERT INTO t (a, d.x) VALUES (20, 1);
-- not judged: this statement was not understood
INSERT INTO t (a, d.nosuch) VALUES (20, 1);
INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING;
INSERT INTO t (a) VALUES (1) ON CONFLICT (b) DO NOTHING;
INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b;
INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET nosuch = 1;
INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT nosuch DO NOTHING;
INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING;
-- differs: this option is passed over
INSERT INTO t (a) VALUES (1) ON CONFLICT DO UPDATE SET b = 'x';
INSERT INTO t (a) SELECT a FROM u RETURNING a, b;
INSERT INTO t (a) SELECT z FROM u;
INSERT INTO t (a) VALUES (30) RETURNING nosuch;
UPDATE t SET b = 'y' WHERE a = 1;
UPDATE t SET nosuch = 'y';
UPDATE t SET b = nosuch;
UPDATE t SET a = 'x';
UPDATE t SET a = now();
UPDATE t SET c[1] = 5;
UPDATE t SET c[1] = 'x';
-- differs: not checked yet (22P02)
UPDATE t SET c['x'] = 1;
UPDATE t SET a[1] = 5;
UPDATE t SET d.x = 5;
UPDATE t SET d.nosuch = 5;
UPDATE t SET d.x = 'x';
UPDATE t SET a.x = 5;
-- differs: the rows decide, and rows are not in the model
UPDATE t SET (a, b) = (1, 'x');
-- differs: the rows decide, and rows are not in the model
UPDATE t SET (a, b) = (SELECT 1, 'x');
UPDATE t SET (a, b) = (SELECT 1);
UPDATE t SET (a, b) = ROW(1, 'x', 3);
UPDATE t SET a = 1, a = 2;
UPDATE t SET b = u.z FROM u WHERE u.a = t.a;
UPDATE t SET t.b = 'x';
UPDATE t x SET b = 'z' WHERE t.a = 1;
UPDATE t SET b = DEFAULT;
UPDATE t SET b = count(*);
DELETE FROM t WHERE a = 100;
DELETE FROM t USING u WHERE u.a = t.a;
DELETE FROM t WHERE nosuch;
DELETE FROM t WHERE a;
DELETE FROM nosuch;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = u.z WHEN NOT MATCHED THEN INSERT (a) VALUES (u.a);
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET nosuch = u.z;
-- differs: this option is passed over
MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED THEN UPDATE SET b = 'x';
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE RETURNING *;
TRUNCATE t;
TRUNCATE t, u;
TRUNCATE t CASCADE;
TRUNCATE nosuch;
TRUNCATE u RESTART IDENTITY;
COPY t FROM '/dev/null';
COPY t (nosuch) FROM '/dev/null';
COPY nosuch FROM '/dev/null';
COPY (SELECT a FROM t) TO '/dev/null';
COPY (SELECT nosuch FROM t) TO '/dev/null';
COPY t (a, a) FROM '/dev/null';
COPY t TO '/dev/null' WITH (FORMAT csv, HEADER);
COPY t TO '/dev/null' WITH (FORMAT nosuch);
COPY t TO '/dev/null' WITH (NOSUCH 1);
SELECT nosuch FROM t;
SELECT * FROM t WHERE a = 'x';
SELECT a FROM t GROUP BY b;
SELECT 1 +;
SELECT;
VALUES (1, 2), (3);
WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x;
WITH x AS (DELETE FROM t RETURNING nosuch) SELECT * FROM x;
TABLE t;
TABLE nosuch;

-- sequence: transactions
BEGIN;
CREATE TABLE a (x int);
SAVEPOINT s1;
CREATE TABLE b (x int);
ROLLBACK TO s1;
CREATE TABLE b (y int);
SAVEPOINT s2;
SELECT nosuch;
CREATE TABLE c (x int);
ROLLBACK TO SAVEPOINT s2;
RELEASE s2;
RELEASE s2;
ROLLBACK;
CREATE TABLE b (y int);
BEGIN;
DROP TABLE b;
ROLLBACK;
DROP TABLE b;
COMMIT;
SAVEPOINT x;
RELEASE x;
BEGIN;
SELECT nosuch;
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;
-- differs: not checked yet (25006)
CREATE TABLE ro (a int);
ROLLBACK;
START TRANSACTION;
VACUUM;
ROLLBACK;
BEGIN;
CREATE DATABASE zz;
ROLLBACK;
BEGIN;
SET LOCAL search_path = nosuch;
CREATE TABLE q (a int);
ROLLBACK;
CREATE TABLE q (a int);
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
-- differs: not checked yet (42704)
SET CONSTRAINTS nosuch DEFERRED;
ROLLBACK;
PREPARE TRANSACTION 'x';
-- differs: not checked yet (42704)
COMMIT PREPARED 'nosuch';
BEGIN;
-- not judged: this statement was not understood
COMMIT AND CHAIN;
COMMIT;
END;
ABORT;
