-- sequence: functions
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a * b';
CREATE OR REPLACE FUNCTION f(a int, b int) RETURNS text LANGUAGE sql AS 'SELECT 1::text';
CREATE OR REPLACE FUNCTION f(x int, y int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a nosuch) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int) RETURNS nosuch LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE nosuch AS 'SELECT 1';
CREATE FUNCTION f2(a int) RETURNS int AS 'SELECT 1';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql;
CREATE FUNCTION f2(a int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int, a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int DEFAULT 1, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int DEFAULT b) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELECT nosuch';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELECT ''x''::text';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELECT 1, 2';
-- differs: the body of a routine is not checked when it is made
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELEC 1';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS '';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELECT 1' AS 'SELECT 2';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql IMMUTABLE STABLE AS 'SELECT 1';
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 10 AS 'SELECT 1';
CREATE FUNCTION f3(a int) RETURNS int LANGUAGE sql COST -1 AS 'SELECT 1';
CREATE FUNCTION f3(a int) RETURNS int LANGUAGE sql ROWS 10 AS 'SELECT 1';
CREATE FUNCTION f3(a int) RETURNS SETOF int LANGUAGE sql ROWS 10 AS 'SELECT 1';
CREATE FUNCTION f4(a int) RETURNS int LANGUAGE sql PARALLEL nosuch AS 'SELECT 1';
CREATE FUNCTION f4(a int) RETURNS int LANGUAGE sql SET search_path = public AS 'SELECT 1';
-- differs: which settings there are, and their values, is not in the model
CREATE FUNCTION f5(a int) RETURNS int LANGUAGE sql SET nosuch = 1 AS 'SELECT 1';
CREATE FUNCTION f5(OUT x int, OUT y text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION f6(OUT x int, OUT y text) RETURNS int LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION f6(INOUT x int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f7(x int) RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION f8(x int, OUT y int) RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION f8(x int) RETURNS TABLE (x int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f8(VARIADIC x int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f8(VARIADIC x int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f9(VARIADIC x int[], y int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f9(x anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION f10() RETURNS anyelement LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f10() RETURNS trigger LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f10() RETURNS void LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f11() RETURNS record LANGUAGE sql AS 'SELECT 1, 2';
CREATE FUNCTION f12() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
-- differs: the body of a routine is not checked when it is made
CREATE FUNCTION f13() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETUR 1; END';
CREATE FUNCTION f14() RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION f15(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; END;
CREATE FUNCTION f16(a int) RETURNS int BEGIN ATOMIC SELECT nosuch; END;
CREATE FUNCTION f17(a int) RETURNS int RETURN nosuch;
CREATE FUNCTION f17(a int) RETURNS int LANGUAGE plpgsql RETURN 1;
-- differs: files and symbols of the server are not in the model
CREATE FUNCTION f18() RETURNS int LANGUAGE c AS 'nosuch', 'nosuch';
-- differs: files and symbols of the server are not in the model
CREATE FUNCTION f18() RETURNS int LANGUAGE internal AS 'nosuch';
CREATE FUNCTION f18(int) RETURNS int LANGUAGE internal AS 'int4up';
CREATE FUNCTION f19() RETURNS int LANGUAGE sql WINDOW AS 'SELECT 1';
CREATE FUNCTION nosuch.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f20(int[], t varchar(10)) RETURNS varchar(5) LANGUAGE sql AS 'SELECT ''x''::varchar';
CREATE FUNCTION f21(IN OUT x int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE f22() LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f22() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(a int, INOUT b int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p2(a int, OUT b int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p3() LANGUAGE sql STRICT AS 'SELECT 1';
CREATE PROCEDURE p3() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE PROCEDURE f(a int, b int) LANGUAGE sql AS 'SELECT 1';
CALL p(1, 2);
CALL p(1);
-- not judged: what a procedure does is not read
CALL nosuch();
CALL f(1, 2);
SELECT f22();

-- sequence: alter and drop routines
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION f(int) RENAME TO g;
ALTER FUNCTION f(int) RENAME TO h;
ALTER FUNCTION h RENAME TO hh;
ALTER FUNCTION f(int) RENAME TO hh;
-- differs: roles belong to the server: one that was never heard of may be there
ALTER FUNCTION hh(int) OWNER TO nosuch;
ALTER FUNCTION hh(int) OWNER TO CURRENT_USER;
ALTER FUNCTION hh(int) SET SCHEMA nosuch;
ALTER FUNCTION hh(int) IMMUTABLE STRICT COST 3;
ALTER FUNCTION hh(int) IMMUTABLE STABLE;
ALTER FUNCTION hh(int) ROWS 3;
ALTER FUNCTION hh(int) SET search_path = public, pg_catalog;
-- differs: which settings there are, and their values, is not in the model
ALTER FUNCTION hh(int) SET nosuch = 3;
ALTER FUNCTION hh(int) SET work_mem TO '1MB';
-- differs: which settings there are, and their values, is not in the model
ALTER FUNCTION hh(int) SET work_mem = 'x';
ALTER FUNCTION hh(int) RESET work_mem;
ALTER FUNCTION hh(int) RESET ALL;
ALTER FUNCTION hh(int) DEPENDS ON EXTENSION nosuch;
ALTER FUNCTION hh(int) DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION hh(int) NO DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION p() RENAME TO q;
ALTER PROCEDURE hh(int) RENAME TO q;
ALTER PROCEDURE p() RENAME TO q;
ALTER ROUTINE q() RENAME TO r;
ALTER PROCEDURE r() STRICT;
ALTER PROCEDURE r() SECURITY DEFINER;
DROP FUNCTION f;
DROP FUNCTION nosuch;
DROP FUNCTION nosuch(int);
DROP FUNCTION IF EXISTS nosuch(int), nosuch2, nosuch3(nosuchtype), nosuchs.f(int);
DROP FUNCTION r();
DROP PROCEDURE g;
DROP ROUTINE r;
DROP FUNCTION g(text);
-- differs: what the server brings along is not an object of the model
DROP FUNCTION lower(text);
CREATE FUNCTION g(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION g;
DROP FUNCTION g(int), g(text);
CREATE FUNCTION c(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE t (a int CHECK (c(a)), b int DEFAULT length('x'));
CREATE VIEW v AS SELECT c(a) FROM t;
CREATE INDEX i ON t (c(a));
DROP FUNCTION c;
ALTER FUNCTION c RENAME TO cc;
DROP FUNCTION cc CASCADE;
COMMENT ON FUNCTION f(text) IS 'eff';
-- differs: not checked yet (42704)
COMMENT ON FUNCTION f(nosuch) IS 'eff';
COMMENT ON FUNCTION nosuch(int) IS 'eff';
GRANT EXECUTE ON FUNCTION f(text) TO PUBLIC;
REVOKE ALL ON FUNCTION f(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nosuch(text) TO PUBLIC;
GRANT SELECT ON FUNCTION f(text) TO PUBLIC;

-- sequence: aggregates, operators, casts
CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE AGGREGATE a2 (int) (SFUNC = nosuch, STYPE = int);
CREATE AGGREGATE a2 (int) (STYPE = int);
CREATE AGGREGATE a2 (int) (SFUNC = int4pl);
CREATE AGGREGATE a2 (int) (SFUNC = int4pl, STYPE = nosuch);
CREATE AGGREGATE a2 (int) (SFUNC = int4pl, STYPE = int, FINALFUNC = nosuch);
CREATE AGGREGATE a2 (BASETYPE = int, SFUNC = int4pl, STYPE = int);
CREATE AGGREGATE a3 (*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE OR REPLACE AGGREGATE a3 (*) (SFUNC = int8inc, STYPE = int8, INITCOND = '1');
CREATE AGGREGATE a4 (int) (SFUNC = int4pl, STYPE = int, NOSUCH = 3);
CREATE VIEW va AS SELECT mysum(x) FROM generate_series(1, 3) x;
ALTER AGGREGATE mysum (int) RENAME TO ms;
ALTER AGGREGATE nosuch (int) RENAME TO ms;
ALTER AGGREGATE ms (int) OWNER TO CURRENT_USER;
COMMENT ON AGGREGATE ms (int) IS 'sum';
DROP AGGREGATE ms (int);
DROP AGGREGATE nosuch (int);
DROP AGGREGATE IF EXISTS nosuch (int);
DROP FUNCTION a3;
DROP AGGREGATE a3 (*);
CREATE FUNCTION add1(int, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OPERATOR +++ (LEFTARG = int, RIGHTARG = text, FUNCTION = add1);
CREATE OPERATOR +++ (LEFTARG = int, RIGHTARG = text, FUNCTION = add1);
CREATE OPERATOR ++* (LEFTARG = int, RIGHTARG = int, FUNCTION = nosuch);
CREATE OPERATOR ++* (LEFTARG = int, FUNCTION = add1);
CREATE OPERATOR ++* (LEFTARG = nosuch, RIGHTARG = int, FUNCTION = add1);
CREATE OPERATOR ++* (RIGHTARG = int, LEFTARG = int);
CREATE OPERATOR => (LEFTARG = int, RIGHTARG = text, FUNCTION = add1);
CREATE OPERATOR !== (RIGHTARG = int, FUNCTION = int4abs, NOSUCH = 3);
CREATE VIEW vo AS SELECT 1 +++ 'x'::text AS s;
ALTER OPERATOR +++ (int, text) OWNER TO CURRENT_USER;
ALTER OPERATOR +++ (int, text) SET (RESTRICT = NONE);
ALTER OPERATOR +++ (int, int) SET (RESTRICT = NONE);
ALTER OPERATOR +++ (int, text) SET SCHEMA nosuch;
DROP OPERATOR +++ (int, text);
DROP OPERATOR +++ (int, int);
DROP OPERATOR IF EXISTS +++ (int, int);
DROP OPERATOR +++ (int, text) CASCADE;
-- differs: what the server brings along is not an object of the model
DROP OPERATOR + (int, int);
DROP OPERATOR ++ (NONE, int);
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION mood_int(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (mood AS int) WITH FUNCTION mood_int(mood) AS IMPLICIT;
CREATE CAST (mood AS int) WITH FUNCTION mood_int(mood);
CREATE CAST (mood AS text) WITH FUNCTION nosuch(mood);
CREATE CAST (mood AS text) WITH FUNCTION mood_int(mood);
CREATE CAST (mood AS nosuch) WITH INOUT;
CREATE CAST (int AS mood) WITHOUT FUNCTION;
CREATE CAST (int AS int) WITHOUT FUNCTION;
CREATE CAST (mood AS mood) WITH FUNCTION mood_int(mood);
CREATE CAST (varchar AS mood) WITH INOUT AS IMPLICIT;
CREATE CAST (int4 AS int8) WITHOUT FUNCTION;
CREATE TABLE tc (a mood);
ALTER TABLE tc ALTER a TYPE int;
COMMENT ON CAST (mood AS int) IS 'c';
DROP CAST (mood AS int);
DROP CAST (mood AS int);
DROP CAST IF EXISTS (mood AS int);
DROP CAST (mood AS nosuch);
DROP CAST IF EXISTS (mood AS nosuch);
DROP FUNCTION mood_int(mood);
DROP TYPE mood;
DROP TYPE mood CASCADE;

-- sequence: settings of the session that a routine keeps
CREATE SCHEMA app;
CREATE TYPE kind AS (major int, minor int);
CREATE FUNCTION split(text) RETURNS kind IMMUTABLE AS $$ SELECT (split_part($1, '.', 1)::int, 2)::kind $$ LANGUAGE sql SET search_path FROM CURRENT;
SET search_path = app, public;
CREATE FUNCTION here() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 1';
ALTER FUNCTION split(text) SET search_path FROM CURRENT;

-- sequence: parameters of a body in SQL, by their own name, behind the routine's, and the fields of their rows
CREATE TABLE person (id bigint, name text);
CREATE TABLE other (zip text);
CREATE FUNCTION label(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT p.name || ' ' || p.id::text $$;
CREATE FUNCTION l2(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT l2.p.name $$;
CREATE FUNCTION l3(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT (l3.p).name $$;
CREATE FUNCTION l4(p person) RETURNS person LANGUAGE sql STABLE AS $$ SELECT p.* $$;
CREATE FUNCTION l5(p person) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT x.p $$;
CREATE FUNCTION l6(p bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT x.p $$;
CREATE FUNCTION l6(p bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT l6.p $$;
CREATE FUNCTION l7(p bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT p.x $$;
CREATE FUNCTION l8(p person) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT p.nope $$;
CREATE FUNCTION l9(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT p.name FROM other p $$;
CREATE FUNCTION l10(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT name FROM person WHERE person.name = p.name AND public.l10.p IS NOT NULL $$;
CREATE FUNCTION l11(l11 person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT l11.name $$;
CREATE FUNCTION l12(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT l12.p.* $$;
CREATE FUNCTION l13(person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1.name $$;
CREATE FUNCTION l14(p person) RETURNS text LANGUAGE sql STABLE AS $$ SELECT p.label $$;
CREATE FUNCTION l15(p person) RETURNS text LANGUAGE sql AS $$ SELECT (p).name $$;
CREATE FUNCTION l16(p person) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT p.name; END;
CREATE FUNCTION l17(p person) RETURNS text LANGUAGE sql RETURN l17.p.name;
CREATE FUNCTION l18(p person) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT p.zip; END;
DROP FUNCTION label(person);
DROP TABLE person;
DROP TABLE person CASCADE;

-- sequence: rows that a body keeps in a table
CREATE TABLE ent (id text, entity text);
CREATE FUNCTION listed(ids text[]) RETURNS TABLE (id text, entity text) LANGUAGE sql AS 'SELECT id, entity FROM ent WHERE id = ANY (ids)';
CREATE FUNCTION kept(ids text[]) RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE chosen ON COMMIT DROP AS SELECT * FROM listed(ids); RETURN 1; END $$;
SELECT kept(ARRAY['a']);
CREATE FUNCTION kept_wrongly() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE chosen ON COMMIT DROP AS SELECT * FROM listed(nothing); RETURN 1; END $$;
SELECT kept_wrongly();

-- sequence: what an aggregate is made of
CREATE FUNCTION first_agg(anyelement, anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1';
CREATE AGGREGATE first(anyelement) (SFUNC = public.first_agg, STYPE = anyelement);
CREATE FUNCTION last_sum(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2';
CREATE AGGREGATE added(int) (SFUNC = last_sum, STYPE = int);
DROP FUNCTION first_agg(anyelement, anyelement);
DROP FUNCTION last_sum(int, int);
DROP FUNCTION last_sum(int, int) CASCADE;
DROP AGGREGATE first(anyelement);
DROP FUNCTION first_agg(anyelement, anyelement);
