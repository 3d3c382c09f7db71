-- sequence: defaults as the server keeps them
-- schema differs: Column public.v.f: default | arguments of another type in COALESCE have no cast here
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN code AS text DEFAULT 'x' CHECK (VALUE <> '');
CREATE TABLE t (a int DEFAULT 5, b int DEFAULT -5, c bigint DEFAULT 0, d bigint DEFAULT '7', e text DEFAULT 'x', f varchar(10) DEFAULT 'x', g char(3) DEFAULT 'abc', h boolean DEFAULT false, i boolean DEFAULT 't', j numeric(10, 2) DEFAULT 3.14, k numeric DEFAULT '3.14', l numeric DEFAULT 0);
CREATE TABLE u (a date DEFAULT '2020-01-31', b timestamptz DEFAULT now(), c timestamptz DEFAULT CURRENT_TIMESTAMP, d jsonb DEFAULT '{}', e text[] DEFAULT '{}', f mood DEFAULT 'ok', g mood[] DEFAULT '{ok}', h uuid DEFAULT gen_random_uuid(), i interval DEFAULT '1 day', j code, k code DEFAULT 'y', l double precision DEFAULT 1.5, m text DEFAULT NULL, n bigint DEFAULT 3000000000);
CREATE TABLE v (a text DEFAULT 'a' || 'b', b timestamptz DEFAULT now() + interval '1 day', c int DEFAULT 1 + 2 * 3, d text DEFAULT lower('X'), e text DEFAULT upper('x'::varchar), f text DEFAULT coalesce(NULL, 'x'), g text DEFAULT CASE WHEN true THEN 'x' ELSE 'y' END, h int[] DEFAULT ARRAY[1, 2], i text[] DEFAULT ARRAY['a', 'b'], j int DEFAULT length('abc'), k date DEFAULT CURRENT_DATE);

-- sequence: checks as the server keeps them
-- schema differs: Constraint c23 ON public.t: definition | arguments of another type in COALESCE have no cast here
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (a int, b text, c varchar(10), d numeric, e bigint, f mood, g date, h boolean, i timestamptz, j jsonb);
ALTER TABLE t ADD CONSTRAINT c1 CHECK (a > 0);
ALTER TABLE t ADD CONSTRAINT c2 CHECK (b <> '');
ALTER TABLE t ADD CONSTRAINT c3 CHECK (c <> '');
ALTER TABLE t ADD CONSTRAINT c4 CHECK (d > 0);
ALTER TABLE t ADD CONSTRAINT c5 CHECK (e > 0 AND a BETWEEN 1 AND 10);
ALTER TABLE t ADD CONSTRAINT c6 CHECK (b IN ('x', 'y'));
ALTER TABLE t ADD CONSTRAINT c7 CHECK (c IN ('x', 'y'));
ALTER TABLE t ADD CONSTRAINT c8 CHECK (f IN ('sad', 'ok'));
ALTER TABLE t ADD CONSTRAINT c9 CHECK (a IN (1, 2, 3));
ALTER TABLE t ADD CONSTRAINT c10 CHECK (a NOT IN (1, 2));
ALTER TABLE t ADD CONSTRAINT c11 CHECK (a IN (1));
ALTER TABLE t ADD CONSTRAINT c12 CHECK (b LIKE 'x%' OR b IS NULL);
ALTER TABLE t ADD CONSTRAINT c13 CHECK (c ~ '^[a-z]+$');
ALTER TABLE t ADD CONSTRAINT c14 CHECK (g > '2020-01-01');
ALTER TABLE t ADD CONSTRAINT c15 CHECK (length(c) < 5 AND length(b) > 2);
ALTER TABLE t ADD CONSTRAINT c16 CHECK (a <> -1);
ALTER TABLE t ADD CONSTRAINT c17 CHECK (NOT h);
ALTER TABLE t ADD CONSTRAINT c18 CHECK (h = true);
ALTER TABLE t ADD CONSTRAINT c19 CHECK (a NOT BETWEEN 1 AND 2);
ALTER TABLE t ADD CONSTRAINT c20 CHECK (j ->> 'x' = 'y');
ALTER TABLE t ADD CONSTRAINT c21 CHECK (f = 'sad');
ALTER TABLE t ADD CONSTRAINT c22 CHECK (a + e > d);
ALTER TABLE t ADD CONSTRAINT c23 CHECK (coalesce(b, c) <> 'x');
ALTER TABLE t ADD CONSTRAINT c24 CHECK (CASE WHEN a = 1 THEN b = 'x' ELSE true END);
ALTER TABLE t ADD CONSTRAINT c25 CHECK (a IS DISTINCT FROM 5);
ALTER TABLE t ADD CONSTRAINT c26 CHECK (b = c);
ALTER TABLE t ADD CONSTRAINT c27 CHECK (trim(b) <> '' AND char_length(trim(c)) > 0);
ALTER TABLE t ADD COLUMN k text GENERATED ALWAYS AS (lower(c) || 'x') STORED;
ALTER TABLE t ADD COLUMN l numeric GENERATED ALWAYS AS (a * 1.5) STORED;
CREATE INDEX i1 ON t (lower(c));
CREATE INDEX i2 ON t ((a + 1)) WHERE b = 'x' AND c = 'y';
CREATE INDEX i3 ON t ((j ->> 'x'));
CREATE POLICY p ON t USING (b = current_user AND a > 1);
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE mood RENAME TO feeling;
