SELECT id, name FROM person ORDER BY id
SELECT * FROM person ORDER BY 1
SELECT p.* FROM person p ORDER BY p.id
SELECT p.*, v.day FROM person p JOIN visit v ON v.person_id = p.id ORDER BY v.id
SELECT count(*) FROM person WHERE score > 15
SELECT count(*) FROM person WHERE state = 'closed'
SELECT state, count(*) FROM person GROUP BY state ORDER BY state
SELECT upper(name) AS who, count(*) FROM person GROUP BY who ORDER BY who
SELECT born, app.age(born) FROM person ORDER BY id
SELECT app.label(p) FROM person p ORDER BY id
SELECT p.label FROM person p ORDER BY id
SELECT row_to_json(p)::text FROM person p ORDER BY id
SELECT to_jsonb(v)->>'cost' FROM visit v ORDER BY id
SELECT json_agg(p ORDER BY p.id)::text FROM person p
SELECT (home).zip FROM person WHERE home IS NOT NULL
SELECT (home).* FROM person ORDER BY id
SELECT (p.home).street, p.home FROM person p ORDER BY id
SELECT tags[1], array_length(tags, 1) FROM person ORDER BY id
SELECT name, t FROM person, unnest(tags) AS t ORDER BY 1, 2
SELECT name, t.tag, t.n FROM person CROSS JOIN LATERAL unnest(tags) WITH ORDINALITY AS t(tag, n) ORDER BY 1, 3
SELECT data->>'k', (data->'l'->>0)::int FROM person ORDER BY id
SELECT data @> '{"k":1}' FROM person ORDER BY id
SELECT name FROM person WHERE data ? 'l'
SELECT key, value FROM person, jsonb_each(data) ORDER BY 1, 2
SELECT v.id, p.name FROM visit v JOIN person p ON p.id = v.person_id ORDER BY 1
SELECT v.id, name, remark FROM visit v JOIN person p ON p.id = person_id ORDER BY 1
SELECT day, region, minutes FROM visit JOIN site ON site.id = site_id ORDER BY day
SELECT v.id, s.region FROM visit v LEFT JOIN site s ON s.id = v.site_id ORDER BY 1
SELECT id, region FROM (SELECT site_id AS id, minutes FROM visit) z JOIN site USING (id) ORDER BY 1
SELECT * FROM vip JOIN visit USING (person_id) ORDER BY id
SELECT count(*) FROM vip NATURAL JOIN visit
SELECT count(*) FROM site NATURAL JOIN (SELECT site_id AS id, remark FROM visit) z
SELECT id FROM person WHERE id IN (SELECT person_id FROM vip) ORDER BY 1
SELECT id FROM visit WHERE person_id IN (SELECT person_id FROM vip WHERE level > 1) ORDER BY 1
SELECT id FROM person p WHERE EXISTS (SELECT 1 FROM vip WHERE person_id = p.id) ORDER BY 1
SELECT id FROM person WHERE NOT EXISTS (SELECT since FROM vip WHERE person_id = id) ORDER BY 1
SELECT name, (SELECT max(day) FROM visit WHERE person_id = p.id) AS last FROM person p ORDER BY id
SELECT name, (SELECT sum(cost) FROM visit WHERE person_id = person.id) FROM person ORDER BY id
SELECT sum(cost), avg(cost), max(minutes), min(rate) FROM visit
SELECT sum(minutes) FILTER (WHERE cost > 10) AS m FROM visit
SELECT day, sum(cost) FROM visit GROUP BY 1 ORDER BY 1
SELECT day::text, extract(month FROM day), to_char(day, 'YYYY') FROM visit ORDER BY id
SELECT day + 1, day - day, day + interval '1 day' FROM visit ORDER BY id
SELECT id FROM visit WHERE day > current_date - 10000 ORDER BY 1
SELECT id FROM visit WHERE day BETWEEN '2024-01-01' AND '2024-01-31' ORDER BY 1
SELECT date_trunc('day', created), created::date FROM person ORDER BY id
SELECT opened AT TIME ZONE 'UTC', opened + '1 hour' FROM site ORDER BY id
SELECT p.id, p.note, count(*) FROM person p JOIN visit v ON v.person_id = p.id GROUP BY p.id ORDER BY 1
SELECT s.*, count(v.id) FROM site s LEFT JOIN visit v ON v.site_id = s.id GROUP BY s.id ORDER BY s.id
SELECT region, day, sum(cost) FROM visit v JOIN site s ON s.id = v.site_id GROUP BY GROUPING SETS ((region), (day), ()) ORDER BY 1, 2, 3
SELECT region, count(*) FROM site GROUP BY ROLLUP (region) ORDER BY 1
SELECT DISTINCT region FROM site ORDER BY region
SELECT DISTINCT ON (person_id) person_id, day FROM visit ORDER BY person_id, day DESC
SELECT id, row_number() OVER (PARTITION BY person_id ORDER BY day) FROM visit ORDER BY id
SELECT id, sum(cost) OVER w, lag(minutes) OVER w FROM visit WINDOW w AS (PARTITION BY person_id ORDER BY day) ORDER BY id
SELECT id, cost * minutes, cost / 2, rate * 2, minutes % 7 FROM visit ORDER BY id
SELECT round(cost, 1), round(rate::numeric, 1), trunc(cost) FROM visit ORDER BY id
SELECT coalesce(minutes, 0), nullif(cost, 0), greatest(minutes, 10) FROM visit ORDER BY id
SELECT CASE WHEN minutes > 30 THEN 'long' WHEN remark IS NULL THEN 'none' ELSE remark END FROM visit ORDER BY id
SELECT CASE state WHEN 'new' THEN 1 WHEN 'active' THEN 2 ELSE 3 END FROM person ORDER BY id
SELECT coalesce(remark, minutes::text) FROM visit ORDER BY id
SELECT remark || minutes FROM visit ORDER BY id
SELECT name || ' ' || coalesce(note, '') FROM person ORDER BY id
SELECT length(note), substring(note FROM 1 FOR 2), note LIKE 'n%', lower(note) FROM person ORDER BY id
SELECT code = 'ab', code || 'x', length(code) FROM person ORDER BY id
SELECT name FROM person WHERE code IN ('ab', 'zz')
SELECT name FROM person WHERE flag
SELECT name FROM person WHERE NOT flag OR score IS NULL ORDER BY 1
SELECT id FROM visit WHERE ref = '11111111-1111-1111-1111-111111111111'
SELECT id FROM visit WHERE remark = '10'
SELECT id FROM visit WHERE minutes IN (30, 45) ORDER BY 1
SELECT id FROM visit WHERE minutes = ANY (ARRAY[30, 45]) ORDER BY 1
SELECT id FROM visit WHERE (person_id, site_id) IN (SELECT person_id, 1 FROM vip) ORDER BY 1
SELECT id FROM visit WHERE cost > ALL (SELECT 5 FROM vip) ORDER BY 1
SELECT * FROM visit UNION ALL SELECT * FROM archive ORDER BY 1
SELECT id, remark FROM visit UNION SELECT id::bigint, name FROM site ORDER BY 1, 2
SELECT person_id FROM visit INTERSECT SELECT person_id FROM vip
SELECT name FROM person EXCEPT SELECT name FROM site ORDER BY 1
WITH w AS (SELECT person_id, sum(cost) AS total FROM visit GROUP BY person_id) SELECT name, total FROM w JOIN person ON person.id = w.person_id ORDER BY 1
WITH a AS (SELECT * FROM visit), b AS (SELECT id, day FROM a) SELECT * FROM b ORDER BY 1
WITH RECURSIVE t(n, day) AS (SELECT 1, min(day) FROM visit UNION ALL SELECT n + 1, day + 1 FROM t WHERE n < 3) SELECT * FROM t ORDER BY 1
WITH w(a, b) AS (SELECT id, name FROM person) SELECT a, b FROM w ORDER BY 1
SELECT x.a, x.b FROM (SELECT id, name FROM person) AS x(a, b) ORDER BY 1
SELECT x.a, x.note FROM person AS x(a) ORDER BY 1
SELECT name, v.n FROM person p, LATERAL (SELECT count(*) AS n FROM visit WHERE person_id = p.id) v ORDER BY 1
SELECT * FROM active ORDER BY id
SELECT name FROM active WHERE score > 5
SELECT person, minutes FROM totals ORDER BY 1
SELECT site, count(*) FROM visits GROUP BY site ORDER BY 1
SELECT day FROM visits WHERE person = 'ann' ORDER BY 1
SELECT v.person, a.email FROM visits v JOIN active a ON a.name = v.person ORDER BY 1
SELECT month, cost FROM months ORDER BY 1
SELECT * FROM visits_of(1) ORDER BY 1
SELECT f.day FROM person p, visits_of(p.id) f ORDER BY 1
SELECT w.name, w.score FROM who(1) w
SELECT who(1)
SELECT (who(1)).name
SELECT * FROM ROWS FROM (generate_series(1, 2), visits_of(1)) AS r(n, d, m)
SELECT g, name FROM generate_series(1, 3) g LEFT JOIN person ON person.id = g ORDER BY 1
SELECT v.column1 FROM (VALUES (1), (2)) v JOIN person p ON p.id = v.column1 ORDER BY 1
SELECT string_agg(name, ',' ORDER BY id) FROM person
SELECT array_agg(score ORDER BY id) FROM person
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY cost) FROM visit
SELECT mode() WITHIN GROUP (ORDER BY region) FROM site
SELECT count(DISTINCT person_id), count(DISTINCT (person_id, site_id)) FROM visit
SELECT region FROM site GROUP BY region HAVING count(*) > 0 AND max(name) > 'a' ORDER BY 1
SELECT id FROM person ORDER BY score DESC NULLS LAST, name LIMIT 2
SELECT name AS id FROM person ORDER BY id
SELECT -id AS id FROM person ORDER BY id
SELECT id AS name, count(*) FROM person GROUP BY name, id ORDER BY 1
SELECT p.ctid IS NOT NULL, p.tableoid::regclass::text FROM person p ORDER BY id
SELECT person FROM person ORDER BY id
SELECT person.name FROM app.person ORDER BY 1
SELECT app.person.name FROM app.person ORDER BY 1
SELECT vip.person_id, vip FROM vip ORDER BY 1
SELECT * FROM person TABLESAMPLE BERNOULLI (100) ORDER BY id
SELECT id FROM person FOR UPDATE
SELECT name FROM person WHERE email = 'a@x'
SELECT email || '!' FROM person ORDER BY id
SELECT name FROM person WHERE born IS NULL OR born < '1985-01-01'
SELECT $1::int + id FROM person WHERE name = $2
SELECT name FROM person WHERE score > $1 AND born = $2
SELECT name FROM person WHERE id = $1
INSERT INTO visit SELECT * FROM archive WHERE id > 100
INSERT INTO archive SELECT * FROM visit WHERE id > 1 RETURNING id
INSERT INTO archive (id, person_id, day) SELECT id, person_id, day FROM visit RETURNING *
INSERT INTO visit VALUES (10, 1, 1, '2024-05-05', 5, 1.5, 1.0, 'x', NULL) RETURNING id
INSERT INTO visit (id, person_id, day, cost) VALUES (11, 1, '2024-05-05', 3.5) RETURNING row_to_json(visit)::text
INSERT INTO person (name, email) VALUES ('dan', 'd@x') RETURNING name, state
INSERT INTO person (name, state, score) VALUES ('eve', 'active', 5.5)
INSERT INTO person (id, name) VALUES (1, 'ann') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING name
INSERT INTO person (name, email) VALUES ('fay', 'a@x') ON CONFLICT (email) DO NOTHING
INSERT INTO person (name) VALUES ('gus') ON CONFLICT (lower(name)) DO NOTHING
INSERT INTO vip (person_id, level) VALUES (1, 3) ON CONFLICT (person_id) WHERE level > 1 DO UPDATE SET since = '2025-01-01'
INSERT INTO site (id, name, region) VALUES (9, 'a', 'b') ON CONFLICT (name, region) DO UPDATE SET opened = now()
INSERT INTO site (id, name, region) VALUES (9, 'a', 'b') ON CONFLICT ON CONSTRAINT site_pkey DO NOTHING
INSERT INTO site (id, name, region) VALUES (1, 'a', 'b') ON CONFLICT DO NOTHING
INSERT INTO log SELECT created, name, note FROM person
UPDATE person SET score = score * 2 WHERE id = 1 RETURNING score
UPDATE person SET note = 'abc', flag = true WHERE id = 1
UPDATE visit SET cost = p.score FROM person p WHERE p.id = visit.person_id AND p.state = 'active'
UPDATE visit SET (minutes, remark) = (SELECT 5, name FROM person WHERE person.id = visit.person_id)
UPDATE person SET home.zip = '9', tags[1] = 'z' WHERE id = 1
UPDATE active SET score = 3 WHERE id = 1
DELETE FROM visit USING person p WHERE p.id = visit.person_id AND p.state = 'new'
DELETE FROM vip WHERE since < '2020-01-01' RETURNING *
DELETE FROM archive a WHERE EXISTS (SELECT 1 FROM visit v WHERE v.id = a.id AND v.remark IS NULL)
MERGE INTO vip t USING person p ON p.id = t.person_id WHEN MATCHED AND p.score > 100 THEN DELETE WHEN MATCHED THEN UPDATE SET since = p.born WHEN NOT MATCHED THEN INSERT (person_id, since) VALUES (p.id, p.born)
WITH gone AS (DELETE FROM archive RETURNING *) INSERT INTO visit SELECT * FROM gone WHERE id > 100
WITH n AS (INSERT INTO log (who) VALUES ('x') RETURNING who) SELECT n.who, p.name FROM n, person p ORDER BY 2
SELECT p.name, s.name FROM person p FULL JOIN vip ON vip.person_id = p.id CROSS JOIN site s ORDER BY 1, 2
SELECT a.name FROM (person a JOIN visit b ON a.id = b.person_id) JOIN site c ON c.id = b.site_id ORDER BY 1
SELECT j.name FROM (person JOIN vip ON person.id = vip.person_id) AS j ORDER BY 1
SELECT j.since, j.person_id FROM (vip JOIN visit USING (person_id)) AS j ORDER BY 1
SELECT q.m FROM (SELECT max(minutes) AS m, person_id FROM visit GROUP BY person_id) q ORDER BY 1
SELECT q.person_id FROM (SELECT v.*, s.region FROM visit v LEFT JOIN site s ON s.id = v.site_id) q WHERE q.region = 'eu' ORDER BY 1
SELECT max(state), min(created) FROM person
SELECT array(SELECT name FROM person ORDER BY id)
SELECT name FROM person WHERE 'a' = ANY (tags)
SELECT id FROM person WHERE tags && ARRAY['a', 'c'] ORDER BY 1
SELECT id::text || '-' || day FROM visit ORDER BY id
SELECT format('%s %s', name, score) FROM person ORDER BY id
SELECT concat(name, born, flag) FROM person ORDER BY id
SELECT generate_series(1, minutes / 15) FROM visit ORDER BY id, 1
SELECT minutes, minutes::bigint, minutes::text, CAST(cost AS integer) FROM visit ORDER BY id
SELECT to_char(cost, '999.9'), to_number(remark, '99') FROM visit WHERE id = 3
SELECT xmlelement(name a, remark)::text FROM visit ORDER BY id
SELECT width_bucket(cost, 0, 100, 10), ceil(cost), abs(cost), power(cost, 2), sqrt(cost) FROM visit ORDER BY id
SELECT generate_series(min(day), max(day), '1 day') FROM visit
SELECT make_date(2024, minutes / 10, 1) FROM visit WHERE minutes = 30
SELECT regexp_replace(remark, 'r', 's'), remark ~ '^r', split_part(remark, 'r', 1) FROM visit ORDER BY id
SELECT cost::money FROM visit ORDER BY id
SELECT id # 5, id & 3, ~id, id << 1 FROM visit ORDER BY id
SELECT (rate > cost) IS TRUE, cost IS DISTINCT FROM minutes FROM visit ORDER BY id
SELECT day, (day, minutes) < ('2024-01-06'::date, 40) FROM visit ORDER BY id
SELECT (day, day + 5) OVERLAPS ('2024-01-01'::date, '2024-01-06'::date) FROM visit ORDER BY id
SELECT nullif(state, 'new'), coalesce(state, 'closed') FROM person ORDER BY id
SELECT state::text, state > 'new' FROM person ORDER BY id
SELECT enum_range(state) FROM person ORDER BY id
SELECT bool_and(flag), every(flag), count(flag) FROM person
SELECT corr(cost, rate), stddev(cost), variance(minutes) FROM visit
SELECT first_value(day) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM visit ORDER BY id
SELECT sum(cost) OVER (ORDER BY day RANGE BETWEEN '7 days' PRECEDING AND CURRENT ROW) FROM visit ORDER BY id
SELECT ntile(2) OVER (ORDER BY minutes), rank() OVER (ORDER BY cost) FROM visit ORDER BY id
SELECT jsonb_build_object('a', name, 'b', score)::text FROM person ORDER BY id
SELECT json_object_agg(name, score ORDER BY id)::text FROM person
SELECT jsonb_agg(data ORDER BY id) FROM person
SELECT r.k, r.l FROM person, jsonb_to_record(data) AS r(k int, l jsonb) ORDER BY 1
SELECT jsonb_path_query(data, '$.k') FROM person ORDER BY id
COPY person TO STDOUT
COPY visit (id, day, cost) TO STDOUT
COPY (SELECT name, score FROM person) TO STDOUT
TABLE vip
SELECT id FROM rep.long ORDER BY 1
SELECT id FROM vip JOIN (SELECT person_id AS id, level FROM vip) w USING (level) ORDER BY 1
SELECT count(*) FROM vip v JOIN (SELECT * FROM vip) w ON v = w
