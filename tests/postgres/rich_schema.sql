-- Everything that a snapshot holds, at least once. Runs on PostgreSQL 12 to 18.
DO $$ BEGIN CREATE ROLE rich_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE rich_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE SCHEMA app;
CREATE SCHEMA "Odd Names" AUTHORIZATION rich_owner;
COMMENT ON SCHEMA app IS 'It''s the app';
GRANT USAGE ON SCHEMA app TO rich_reader;
GRANT CREATE ON SCHEMA public TO rich_reader;

CREATE TYPE app.status AS ENUM ('new', 'it''s', 'Closed');
ALTER TYPE app.status ADD VALUE 'between' BEFORE 'Closed';
COMMENT ON TYPE app.status IS 'States';
CREATE DOMAIN app.email AS text DEFAULT 'none'::text NOT NULL CONSTRAINT email_at CHECK (VALUE ~ '@') CONSTRAINT email_short CHECK (length(VALUE) < 200);
CREATE DOMAIN app.amount AS numeric(10,2);
REVOKE USAGE ON TYPE app.amount FROM PUBLIC;
CREATE TYPE app.address AS (street text, city character varying(40), postal_code integer, lines text[]);
CREATE TYPE app.span AS RANGE (subtype = numeric);

CREATE SEQUENCE app.ticket_numbers AS integer START WITH 100 INCREMENT BY 5 MINVALUE 10 MAXVALUE 100000 CACHE 3 CYCLE;
CREATE SEQUENCE app.countdown INCREMENT BY -1;
GRANT USAGE ON SEQUENCE app.ticket_numbers TO rich_reader;

CREATE FUNCTION app.shout(what text, times integer DEFAULT 1) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
  AS $$ SELECT repeat(upper(what), times) $$;
COMMENT ON FUNCTION app.shout(text, integer) IS 'Loud';
REVOKE EXECUTE ON FUNCTION app.shout(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.shout(text, integer) TO rich_reader WITH GRANT OPTION;

CREATE TABLE app.clients (
    id bigint GENERATED ALWAYS AS IDENTITY,
    number integer DEFAULT nextval('app.ticket_numbers'::regclass) NOT NULL,
    "First Name" text COLLATE "C" NOT NULL,
    status app.status DEFAULT 'new'::app.status NOT NULL,
    email app.email,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    address app.address,
    loud text GENERATED ALWAYS AS (upper("First Name" COLLATE "C")) STORED,
    shouted text DEFAULT app.shout('x'::text),
    seen_at timestamp(3) with time zone DEFAULT now(),
    balance app.amount DEFAULT 0,
    flags bit(3),
    code character(5),
    waited interval day to second(2),
    CONSTRAINT clients_pkey PRIMARY KEY (id),
    CONSTRAINT clients_number_key UNIQUE (number),
    CONSTRAINT clients_code_key UNIQUE (code) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "odd check" CHECK (number > 0 AND (status <> 'it''s'::app.status OR email IS NOT NULL))
);
COMMENT ON TABLE app.clients IS 'People
in two lines';
COMMENT ON COLUMN app.clients."First Name" IS 'yes';
COMMENT ON CONSTRAINT "odd check" ON app.clients IS 'odd';
COMMENT ON INDEX app.clients_pkey IS 'key';
ALTER TABLE app.clients ALTER COLUMN email SET STORAGE EXTERNAL, ALTER COLUMN number SET STATISTICS 200, ALTER COLUMN number SET (n_distinct = -0.5);
ALTER TABLE app.clients SET (fillfactor = 80, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE app.clients OWNER TO rich_owner;
ALTER SEQUENCE app.clients_id_seq START WITH 5 CACHE 2;
GRANT SELECT, INSERT ON app.clients TO rich_reader;
GRANT UPDATE (status, email) ON app.clients TO rich_reader;
REVOKE TRUNCATE ON app.clients FROM rich_owner;

CREATE INDEX clients_name_idx ON app.clients ("First Name" text_pattern_ops DESC NULLS LAST, number);
CREATE INDEX clients_lower_idx ON app.clients (lower(email::text), (number + 1)) WHERE status = 'new'::app.status;
CREATE UNIQUE INDEX clients_email_idx ON app.clients (email) INCLUDE (number) WITH (fillfactor = 70);
CREATE INDEX clients_tags_idx ON app.clients USING gin (tags);
COMMENT ON INDEX app.clients_tags_idx IS 'tags';
ALTER TABLE app.clients CLUSTER ON clients_name_idx;
CREATE UNIQUE INDEX clients_replica ON app.clients (number, id);
ALTER TABLE app.clients REPLICA IDENTITY USING INDEX clients_replica;

CREATE TABLE "Odd Names"."Visits.2" (
    "Id" serial PRIMARY KEY,
    client bigint NOT NULL,
    client_number integer,
    during tstzrange,
    room integer,
    note character varying(20),
    CONSTRAINT visits_client_fkey FOREIGN KEY (client) REFERENCES app.clients (id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT visits_number_fkey FOREIGN KEY (client_number) REFERENCES app.clients (number) MATCH FULL DEFERRABLE,
    CONSTRAINT visits_apart EXCLUDE USING gist (during WITH &&) WHERE (room IS NOT NULL)
);
ALTER TABLE "Odd Names"."Visits.2" ADD CONSTRAINT note_short CHECK (length(note) < 10) NOT VALID;
CREATE UNLOGGED TABLE app.scratch (k int PRIMARY KEY, v jsonb);
CREATE TABLE app.empty ();

CREATE TABLE app.events (id bigint NOT NULL, at date NOT NULL, kind text DEFAULT 'x'::text, CONSTRAINT events_kind_check CHECK (kind <> ''::text)) PARTITION BY RANGE (at);
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.events_rest PARTITION OF app.events (kind DEFAULT 'rest'::text) DEFAULT;
CREATE TABLE app.events_2024 (at date NOT NULL, kind text DEFAULT 'x'::text, id bigint NOT NULL, CONSTRAINT events_kind_check CHECK (kind <> ''::text));
ALTER TABLE app.events ATTACH PARTITION app.events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE app.events ADD CONSTRAINT events_pkey PRIMARY KEY (id, at);
CREATE INDEX events_kind_idx ON app.events (kind);
CREATE TABLE app.by_hash (a int, b text) PARTITION BY HASH (a, lower(b));
CREATE TABLE app.by_hash_0 PARTITION OF app.by_hash FOR VALUES WITH (modulus 2, remainder 0);

CREATE TABLE app.animal (name text NOT NULL, born date, CONSTRAINT born_late CHECK (born > '1900-01-01'::date));
CREATE TABLE app.dog (breed text DEFAULT 'mutt'::text) INHERITS (app.animal);
ALTER TABLE app.dog ALTER COLUMN born SET DEFAULT '2000-01-01'::date;

CREATE VIEW app.active AS SELECT c.id, c."First Name" AS name, c.status, count(v.*) AS visits
  FROM app.clients c LEFT JOIN "Odd Names"."Visits.2" v ON v.client = c.id WHERE c.status <> 'Closed'::app.status GROUP BY c.id;
CREATE VIEW app.a_of_active WITH (security_barrier = true) AS SELECT name, visits FROM app.active WHERE visits > 1;
COMMENT ON VIEW app.active IS 'Those we serve';
COMMENT ON COLUMN app.active.visits IS 'How often';
GRANT SELECT ON app.active TO PUBLIC;
CREATE VIEW app.new_clients AS SELECT id, "First Name", status FROM app.clients WHERE status = 'new'::app.status WITH LOCAL CHECK OPTION;
ALTER VIEW app.new_clients ALTER COLUMN status SET DEFAULT 'new'::app.status;
CREATE MATERIALIZED VIEW app.per_month AS SELECT date_trunc('month'::text, at::timestamp without time zone)::date AS month, count(*) AS n FROM app.events GROUP BY 1;
CREATE UNIQUE INDEX per_month_key ON app.per_month (month);
CREATE MATERIALIZED VIEW app.not_yet AS SELECT 1 AS one WITH NO DATA;

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO app, pg_temp AS $function$
BEGIN
  NEW.seen_at := now();
  RETURN NEW;
END
$function$;
CREATE FUNCTION app.client_lines(min_id bigint) RETURNS TABLE(id bigint, line text) LANGUAGE sql STABLE ROWS 50 AS 'SELECT id, "First Name" FROM app.clients WHERE id > min_id';
CREATE FUNCTION app.both_ways(INOUT a integer, OUT b text) LANGUAGE sql AS 'SELECT a, a::text';
CREATE FUNCTION app.of_clients(c app.clients) RETURNS SETOF app.clients LANGUAGE sql AS 'SELECT c.*';
CREATE FUNCTION app.sum_all(VARIADIC numbers integer[]) RETURNS bigint LANGUAGE sql AS 'SELECT sum(n) FROM unnest(numbers) n';
CREATE PROCEDURE app.tidy(keep integer) LANGUAGE sql AS 'DELETE FROM app.scratch WHERE k > keep';
CREATE AGGREGATE app.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');

CREATE TRIGGER clients_touch BEFORE INSERT OR UPDATE OF status, "First Name" ON app.clients FOR EACH ROW WHEN (NEW.status IS NOT NULL) EXECUTE FUNCTION app.touch();
COMMENT ON TRIGGER clients_touch ON app.clients IS 'touches';
CREATE TRIGGER clients_off AFTER DELETE ON app.clients FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
ALTER TABLE app.clients DISABLE TRIGGER clients_off;
CREATE CONSTRAINT TRIGGER clients_later AFTER UPDATE ON app.clients DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER events_touch AFTER INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch();

ALTER TABLE app.clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.scratch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see_new ON app.clients FOR SELECT TO rich_reader USING (status = 'new'::app.status);
CREATE POLICY write_own ON app.clients AS RESTRICTIVE USING (id > 0) WITH CHECK (number > 0);
CREATE RULE no_delete AS ON DELETE TO app.new_clients DO INSTEAD NOTHING;

CREATE STATISTICS app.client_stats (dependencies) ON number, status FROM app.clients;
CREATE COLLATION app.german (provider = libc, lc_collate = 'C', lc_ctype = 'C');
CREATE PUBLICATION rich_publication FOR TABLE app.clients, app.animal WITH (publish = 'insert, update');
CREATE FUNCTION app.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER rich_event ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION app.on_ddl();
ALTER EVENT TRIGGER rich_event DISABLE;
