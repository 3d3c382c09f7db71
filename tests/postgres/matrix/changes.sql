ALTER TABLE app.person DROP COLUMN name CASCADE
ALTER TABLE app.person DROP COLUMN score CASCADE
ALTER TABLE app.person DROP COLUMN note
ALTER TABLE app.person DROP COLUMN home
ALTER TABLE app.person DROP COLUMN tags
ALTER TABLE app.person DROP COLUMN born
ALTER TABLE app.person DROP COLUMN email CASCADE
ALTER TABLE app.person DROP COLUMN id CASCADE
ALTER TABLE app.vip DROP COLUMN person_id
ALTER TABLE app.vip DROP COLUMN since
ALTER TABLE app.visit DROP COLUMN remark
ALTER TABLE app.visit DROP COLUMN person_id CASCADE
ALTER TABLE app.visit DROP COLUMN minutes CASCADE
ALTER TABLE app.visit DROP COLUMN cost CASCADE
ALTER TABLE app.site DROP COLUMN region
ALTER TABLE app.archive DROP COLUMN ref
ALTER TABLE app.person RENAME COLUMN name TO full_name
ALTER TABLE app.person RENAME COLUMN state TO status
ALTER TABLE app.visit RENAME COLUMN day TO visited_on
ALTER TABLE app.visit RENAME COLUMN id TO visit_id
ALTER TABLE app.site RENAME COLUMN id TO site_id
ALTER TABLE app.vip RENAME COLUMN person_id TO pid
ALTER TABLE app.vip RENAME COLUMN since TO day
ALTER TABLE app.vip RENAME COLUMN level TO minutes
ALTER TABLE app.visit ADD COLUMN name text
ALTER TABLE app.visit ADD COLUMN region text
ALTER TABLE app.visit ADD COLUMN since date
ALTER TABLE app.visit ADD COLUMN level integer
ALTER TABLE app.visit ADD COLUMN who text
ALTER TABLE app.vip ADD COLUMN day date
ALTER TABLE app.vip ADD COLUMN id bigint
ALTER TABLE app.vip ADD COLUMN name text DEFAULT 'v'
ALTER TABLE app.site ADD COLUMN remark text
ALTER TABLE app.site ADD COLUMN minutes integer
ALTER TABLE app.site ADD COLUMN person_id bigint
ALTER TABLE app.person ADD COLUMN who text
ALTER TABLE app.person ADD COLUMN label text
ALTER TABLE app.person ADD COLUMN t text
ALTER TABLE app.person ADD COLUMN day date
ALTER TABLE app.person ADD COLUMN region integer
ALTER TABLE app.person ADD COLUMN must text NOT NULL DEFAULT 'm'
ALTER TABLE app.archive ADD COLUMN extra text
ALTER TABLE app.visit ALTER COLUMN cost TYPE numeric(14,2)
ALTER TABLE app.visit ALTER COLUMN minutes TYPE bigint
ALTER TABLE app.visit ALTER COLUMN rate TYPE numeric
ALTER TABLE app.visit ALTER COLUMN rate TYPE real
ALTER TABLE app.visit ALTER COLUMN ref TYPE text
ALTER TABLE app.visit ALTER COLUMN remark TYPE integer USING NULL::integer
ALTER TABLE app.visit ALTER COLUMN remark TYPE varchar(50)
ALTER TABLE app.visit ALTER COLUMN remark TYPE jsonb USING to_jsonb(remark)
ALTER TABLE app.visit ALTER COLUMN id TYPE integer
ALTER TABLE app.visit ALTER COLUMN person_id TYPE text
ALTER TABLE app.archive ALTER COLUMN cost TYPE text
ALTER TABLE app.archive ALTER COLUMN day TYPE timestamp
ALTER TABLE app.vip ALTER COLUMN level TYPE text
ALTER TABLE app.vip ALTER COLUMN person_id TYPE text
ALTER TABLE app.vip ALTER COLUMN person_id TYPE numeric
ALTER TABLE app.vip ALTER COLUMN since TYPE text
ALTER TABLE app.vip ALTER COLUMN since TYPE timestamptz
ALTER TABLE app.person ALTER COLUMN note TYPE text
ALTER TABLE app.person ALTER COLUMN note TYPE varchar(2)
ALTER TABLE app.person ALTER COLUMN code TYPE text
ALTER TABLE app.person ALTER COLUMN code TYPE char(6)
ALTER TABLE app.person ALTER COLUMN born TYPE text
ALTER TABLE app.person ALTER COLUMN born TYPE timestamp
ALTER TABLE app.person ALTER COLUMN created TYPE timestamp
ALTER TABLE app.person ALTER COLUMN created TYPE date
ALTER TABLE app.person ALTER COLUMN tags TYPE varchar(5)[]
ALTER TABLE app.person ALTER COLUMN tags TYPE jsonb USING to_jsonb(tags)
ALTER TABLE app.person ALTER COLUMN data TYPE json
ALTER TABLE app.person ALTER COLUMN data TYPE text
ALTER TABLE app.person ALTER COLUMN flag TYPE integer USING flag::integer
ALTER TABLE app.person ALTER COLUMN flag TYPE text
ALTER TABLE app.site ALTER COLUMN region TYPE char(5)
ALTER TABLE app.site ALTER COLUMN id TYPE bigint
ALTER TABLE app.site ALTER COLUMN id TYPE text
ALTER TABLE app.site ALTER COLUMN opened TYPE timestamptz
ALTER TABLE app.site ALTER COLUMN opened TYPE date
ALTER TABLE app.site ALTER COLUMN name TYPE text COLLATE "C"
ALTER TYPE app.state RENAME VALUE 'closed' TO 'done'
ALTER TYPE app.state ADD VALUE 'more' BEFORE 'active'
ALTER TYPE app.addr RENAME ATTRIBUTE zip TO postcode
ALTER TYPE app.addr ADD ATTRIBUTE city text
ALTER TYPE app.addr DROP ATTRIBUTE street
ALTER TYPE app.addr ALTER ATTRIBUTE num TYPE text
ALTER TABLE app.person RENAME TO people
ALTER TABLE app.visit SET SCHEMA rep
ALTER TABLE app.vip SET SCHEMA public
ALTER TABLE app.vip RENAME TO person_vip
DROP TABLE app.vip
DROP TABLE app.archive
DROP VIEW rep.active
DROP VIEW rep.visits CASCADE
DROP MATERIALIZED VIEW rep.months
DROP FUNCTION app.age(date)
DROP FUNCTION app.label(app.person)
DROP FUNCTION app.who(bigint)
CREATE FUNCTION app.age(d date, extra text DEFAULT '') RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$
CREATE FUNCTION app.upper(d text) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$
CREATE FUNCTION app.age(t timestamp) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$
DROP FUNCTION app.visits_of(bigint); CREATE FUNCTION app.visits_of(p bigint) RETURNS TABLE (minutes integer, day date) LANGUAGE sql STABLE AS $$ SELECT minutes, day FROM app.visit WHERE person_id = p $$
DROP FUNCTION app.visits_of(bigint); CREATE FUNCTION app.visits_of(p bigint) RETURNS TABLE (day text, minutes integer) LANGUAGE sql STABLE AS $$ SELECT day::text, minutes FROM app.visit WHERE person_id = p $$
CREATE OR REPLACE VIEW rep.active AS SELECT id, name, email, score, note FROM app.person WHERE state = 'active'
CREATE OR REPLACE VIEW rep.active AS SELECT id, name, email, score FROM app.person WHERE state <> 'closed'
CREATE OR REPLACE VIEW rep.active AS SELECT id, upper(name) AS name, email, score FROM app.person WHERE state = 'active'
CREATE OR REPLACE VIEW rep.active AS SELECT id, name, email, round(score, 2)::numeric(10,2) AS score FROM app.person WHERE state = 'active'
CREATE OR REPLACE VIEW rep.active AS SELECT person.id, person.name, person.email, person.score FROM app.person WHERE person.state = 'active'
DROP VIEW rep.active; CREATE VIEW rep.active AS SELECT name, id, score, email FROM app.person WHERE state = 'active'
DROP VIEW rep.active; CREATE VIEW rep.active AS SELECT id, name, email, score FROM app.person WHERE state = 'active'
DROP VIEW rep.visits CASCADE; CREATE VIEW rep.visits AS SELECT v.id, v.day, v.minutes, v.cost, p.name AS person, s.name AS site, s.region FROM app.visit v JOIN app.person p ON p.id = v.person_id LEFT JOIN app.site s ON s.id = v.site_id; CREATE VIEW rep.totals AS SELECT person, count(*) AS n, sum(minutes) AS minutes, sum(cost) AS cost FROM rep.visits GROUP BY person
DROP VIEW rep.visits CASCADE; CREATE VIEW rep.visits AS SELECT v.id, v.day, v.minutes, v.cost, p.name AS person, s.name AS site FROM app.visit v JOIN app.person p ON p.id = v.person_id JOIN app.site s ON s.id = v.site_id; CREATE VIEW rep.totals AS SELECT person, count(*) AS n, sum(minutes) AS minutes, sum(cost) AS cost FROM rep.visits GROUP BY person
DROP VIEW rep.visits CASCADE; CREATE VIEW rep.visits AS SELECT v.id, v.day, v.minutes, v.cost * 1 AS cost, p.name AS person, s.name AS site FROM app.visit v JOIN app.person p ON p.id = v.person_id LEFT JOIN app.site s ON s.id = v.site_id; CREATE VIEW rep.totals AS SELECT person, count(*) AS n, sum(minutes) AS minutes, sum(cost) AS cost FROM rep.visits GROUP BY person
ALTER TABLE app.person RENAME TO person_base; CREATE VIEW app.person AS SELECT * FROM app.person_base
ALTER TABLE app.visit RENAME COLUMN cost TO amount; ALTER TABLE app.visit ADD COLUMN cost numeric(12,2)
ALTER TABLE app.visit RENAME TO visit_all; CREATE VIEW app.visit AS SELECT * FROM app.visit_all WHERE minutes IS NOT NULL
CREATE TABLE public.t (x int)
CREATE TABLE app.w (a int, b int)
CREATE TABLE app.gone (a int, b int)
CREATE TABLE app.generate_series (a int)
ALTER TABLE app.visit DROP CONSTRAINT visit_person_id_fkey
ALTER TABLE app.person DROP CONSTRAINT person_pkey CASCADE
ALTER TABLE app.site DROP CONSTRAINT site_pkey CASCADE
ALTER TABLE app.person DROP CONSTRAINT person_email_key
ALTER TABLE app.site DROP CONSTRAINT site_name_region_key
DROP INDEX app.vip_lower
DROP INDEX app.vip_part
DROP INDEX app.vip_part; CREATE UNIQUE INDEX ON app.vip (person_id) WHERE level > 2
DROP INDEX app.vip_part; CREATE UNIQUE INDEX ON app.vip (person_id)
DROP INDEX app.vip_lower; CREATE UNIQUE INDEX ON app.person (upper(name))
ALTER TABLE app.visit ALTER COLUMN person_id DROP NOT NULL
ALTER TABLE app.person ALTER COLUMN state DROP DEFAULT
ALTER TABLE app.person ALTER COLUMN state SET DEFAULT 'closed'
ALTER TABLE app.person ALTER COLUMN id DROP IDENTITY
ALTER TABLE app.person ALTER COLUMN id SET GENERATED ALWAYS
ALTER TABLE app.visit ADD COLUMN hours integer GENERATED ALWAYS AS (minutes / 60) STORED
ALTER TABLE app.person ADD CHECK (score < 15) NOT VALID
UPDATE app.visit SET cost = cost * 100
TRUNCATE app.vip
ALTER TABLE app.person ALTER COLUMN score TYPE numeric(10,1)
CREATE OR REPLACE VIEW rep.long AS SELECT id, day FROM app.visit WHERE minutes / 7 > 4
CREATE OR REPLACE VIEW rep.long AS SELECT v.id, v.day FROM app.visit AS v WHERE v.minutes::numeric / 7 > 4
