-- sequence: aggregates
-- schema differs: Aggregate public.aggfstr(integer, integer, text): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.least_agg(VARIADIC anyarray): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.newavg(integer): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.newavg2(integer): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.oldcnt(*): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.test_percentile_disc(double precision, anyelement): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.test_rank(VARIADIC "any"): definition | how an aggregate of this form is written down again
-- schema differs: Aggregate public.sum2(bigint, bigint) is in the model only | a snapshot does not say which functions an aggregate is made of
CREATE AGGREGATE newavg (sfunc = int4_avg_accum, basetype = int4, stype = _int8, finalfunc = int8_avg, initcond1 = '{0,0}');
CREATE AGGREGATE newavg2 (int4) (sfunc = int4_avg_accum, stype = _int8, finalfunc = int8_avg, initcond = '{0,0}');
COMMENT ON AGGREGATE newavg_wrong (int4) IS 'an agg comment';
COMMENT ON AGGREGATE newavg2 (int4) IS 'an agg comment';
COMMENT ON AGGREGATE newavg2 (int4) IS NULL;
CREATE AGGREGATE newsum (basetype = int4, sfunc = int4pl, stype = int4, initcond1 = '0');
CREATE AGGREGATE newcnt (*) (sfunc = int8inc, stype = int8, initcond = '0', parallel = safe);
CREATE AGGREGATE oldcnt (sfunc = int8inc, basetype = 'ANY', stype = int8, initcond = '0');
CREATE AGGREGATE newcnt ("any") (sfunc = int8inc_any, stype = int8, initcond = '0');
COMMENT ON AGGREGATE nosuchagg (*) IS 'should fail';
COMMENT ON AGGREGATE newcnt (*) IS 'an agg(*) comment';
COMMENT ON AGGREGATE newcnt ("any") IS 'an agg(any) comment';
CREATE FUNCTION sum3(int8, int8, int8) RETURNS int8 AS 'select $1 + $2 + $3' LANGUAGE sql STRICT IMMUTABLE;
CREATE AGGREGATE sum2(int8, int8) (sfunc = sum3, stype = int8, initcond = '0');
CREATE TYPE aggtype AS (a integer, b integer, c text);
CREATE FUNCTION aggf_trans(aggtype[], integer, integer, text) RETURNS aggtype[] AS 'select array_append($1,ROW($2,$3,$4)::aggtype)' LANGUAGE sql STRICT IMMUTABLE;
CREATE AGGREGATE aggfstr(integer, integer, text) (sfunc = aggf_trans, stype = aggtype[], initcond = '{}');
CREATE FUNCTION least_accum(int8, int8) RETURNS int8 LANGUAGE sql AS 'select least($1, $2)';
-- differs: not checked yet (42804)
CREATE AGGREGATE least_agg(int4) (stype = int8, sfunc = least_accum);
DROP FUNCTION least_accum(int8, int8);
CREATE FUNCTION least_accum(anyelement, anyelement) RETURNS anyelement LANGUAGE sql AS 'select least($1, $2)';
-- differs: not checked yet (42883)
CREATE AGGREGATE least_agg2(int4) (stype = int8, sfunc = least_accum);
DROP AGGREGATE least_agg(int4);
CREATE AGGREGATE least_agg2(int8) (stype = int8, sfunc = least_accum);
DROP FUNCTION least_accum(anyelement, anyelement) CASCADE;
CREATE FUNCTION least_accum(anyelement, VARIADIC anyarray) RETURNS anyelement LANGUAGE sql AS 'select least($1, min($2[i])) from generate_subscripts($2,1) g(i)';
CREATE AGGREGATE least_agg(VARIADIC items anyarray) (stype = anyelement, sfunc = least_accum);
CREATE AGGREGATE my_percentile_disc(float8 ORDER BY anyelement) (stype = internal, sfunc = ordered_set_transition, finalfunc = percentile_disc_final, finalfunc_extra = true, finalfunc_modify = read_write);
CREATE AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (stype = internal, sfunc = ordered_set_transition_multi, finalfunc = rank_final, finalfunc_extra = true, hypothetical);
ALTER AGGREGATE my_percentile_disc(float8 ORDER BY anyelement) RENAME TO test_percentile_disc;
ALTER AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") RENAME TO test_rank;
CREATE AGGREGATE sumdouble (float8) (stype = float8, sfunc = float8pl, mstype = float8, msfunc = float8pl, minvfunc = float8mi);
CREATE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, serialfunc = numeric_avg_serialize);
-- differs: not checked yet (42883)
CREATE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, serialfunc = numeric_avg_deserialize, deserialfunc = numeric_avg_deserialize);
-- differs: not checked yet (42883)
CREATE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_serialize);
-- differs: not checked yet (42883)
CREATE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize, combinefunc = int4larger);
CREATE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, finalfunc = numeric_avg, serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize, combinefunc = numeric_avg_combine, finalfunc_modify = shareable);
DROP AGGREGATE myavg (numeric);
CREATE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, finalfunc = numeric_avg);
CREATE OR REPLACE AGGREGATE myavg (numeric) (stype = internal, sfunc = numeric_avg_accum, finalfunc = numeric_avg);
CREATE OR REPLACE AGGREGATE myavg (numeric) (stype = numeric, sfunc = numeric_add);
-- differs: not checked yet (42P13)
CREATE OR REPLACE AGGREGATE myavg (numeric) (stype = numeric, sfunc = numeric_add, finalfunc = numeric_out);
-- differs: not checked yet (42809)
CREATE OR REPLACE AGGREGATE myavg (order by numeric) (stype = numeric, sfunc = numeric_add);
CREATE FUNCTION sum4(int8,int8,int8,int8) RETURNS int8 AS 'select $1 + $2 + $3 + $4' LANGUAGE sql STRICT IMMUTABLE;
CREATE OR REPLACE AGGREGATE sum3 (int8,int8,int8) (stype = int8, sfunc = sum4);
DROP FUNCTION sum3(int8,int8,int8) CASCADE;
CREATE AGGREGATE mysum (int) (stype = int, sfunc = int4pl, parallel = pear);
CREATE AGGREGATE mysum (int) (stype = int, sfunc = nosuchfunc);
CREATE AGGREGATE mysum (int) (sfunc = int4pl);
CREATE AGGREGATE mysum (int) (stype = int);
CREATE AGGREGATE mysum (int) (stype = nosuchtype, sfunc = int4pl);
CREATE AGGREGATE mysum (nosuchtype) (stype = int, sfunc = int4pl);
CREATE AGGREGATE mysum (stype = int, sfunc = int4pl);
CREATE AGGREGATE mysum (int) (stype = int, sfunc = int4pl, nosuchoption = 1);
CREATE AGGREGATE mysum (int) (stype = int, sfunc = int4pl, initcond = 'x');
CREATE AGGREGATE mysum (int) (stype = anyelement, sfunc = int4pl);
CREATE AGGREGATE mysum (int) (stype = int, sfunc = int4pl, sortop = >);
-- differs: not checked yet (42883)
CREATE AGGREGATE mysum2 (int, int) (stype = int, sfunc = int4pl, sortop = <);
CREATE AGGREGATE float8mi_int (float8) (stype = float8, sfunc = float8pl, mstype = float8, msfunc = float8pl, minvfunc = float8mi_int);
CREATE AGGREGATE wrongreturntype (float8) (stype = float8, sfunc = float8pl, mstype = float8, msfunc = float8pl);
CREATE AGGREGATE wrongreturntype (float8) (stype = float8, sfunc = float8pl, msfunc = float8pl, minvfunc = float8mi);
-- differs: not checked yet (42P13)
CREATE AGGREGATE case_agg ("Sfunc1" = int4pl, "Basetype" = int4, "Stype1" = int4, "Initcond1" = '0', "Parallel" = safe);
DROP AGGREGATE newcnt (nonesuch);
DROP AGGREGATE nonesuch (int4);
DROP AGGREGATE newcnt (float4);
DROP AGGREGATE newcnt (*);
DROP AGGREGATE newcnt ("any");
DROP AGGREGATE IF EXISTS nosuch (*);
DROP FUNCTION newsum (int4);
DROP AGGREGATE newsum (int4);
ALTER AGGREGATE sum2(int8, int8) OWNER TO CURRENT_USER;
ALTER AGGREGATE sum2(int8, int8) SET SCHEMA nosuch;
ALTER FUNCTION sum2(int8, int8) RENAME TO sum22;

-- sequence: operators
CREATE OPERATOR ## (leftarg = path, rightarg = path, function = path_inter, commutator = ##);
CREATE OPERATOR @#@ (rightarg = int8, procedure = int8um);
CREATE OPERATOR #%# (leftarg = int8, procedure = numeric_fac);
CREATE OPERATOR #@%# (rightarg = int8, procedure = nosuch);
CREATE OPERATOR #%# (leftarg = int8, rightarg = int8, procedure = int8pl);
COMMENT ON OPERATOR ###### (int4, int4) IS 'bad right unary';
COMMENT ON OPERATOR #%# (int8, int8) IS 'x';
COMMENT ON OPERATOR @#@ (NONE, int8) IS 'x';
DROP OPERATOR ###### (NONE, int4);
CREATE OPERATOR => (rightarg = int8, procedure = int8um);
CREATE OPERATOR !=- (leftarg = int8, procedure = int8um);
CREATE OPERATOR !=- (rightarg = int8, procedure = int8um);
CREATE OPERATOR #*# (leftarg = setof int8, procedure = int8um);
CREATE OPERATOR #*# (rightarg = setof int8, procedure = int8um);
CREATE OPERATOR #%%# (leftarg = int8, rightarg = int8, procedure = int8pl, nosuch = true);
CREATE OPERATOR #@%# (procedure = int8um);
CREATE OPERATOR #@%# (rightarg = int8);
CREATE OPERATOR #@%# ();
CREATE OPERATOR === (leftarg = boolean, rightarg = boolean, procedure = booleq, negator = ===);
CREATE OPERATOR === (leftarg = boolean, rightarg = boolean, procedure = booleq, negator = !==, commutator = ===, restrict = eqsel, join = eqjoinsel, hashes, merges);
CREATE OPERATOR !== (leftarg = boolean, rightarg = boolean, procedure = boolne, negator = ===);
CREATE OPERATOR ==== (leftarg = boolean, rightarg = boolean, procedure = booleq, restrict = nosuchsel);
CREATE OPERATOR #@# (leftarg = int8, rightarg = int8, procedure = int8pl, hashes);
CREATE OPERATOR @@@ (rightarg = int8, procedure = int8um, restrict = eqsel);
ALTER OPERATOR === (boolean, boolean) SET (RESTRICT = NONE);
ALTER OPERATOR === (boolean, boolean) SET (RESTRICT = NONE, JOIN = NONE);
ALTER OPERATOR === (boolean, boolean) SET (RESTRICT = contsel, JOIN = contjoinsel);
ALTER OPERATOR === (boolean, boolean) SET (RESTRICT = nosuch);
ALTER OPERATOR === (boolean, boolean) SET (COMMUTATOR = ====);
ALTER OPERATOR === (boolean, boolean) SET (NEGATOR = ====);
ALTER OPERATOR === (boolean, boolean) SET ("Restrict" = contsel);
ALTER OPERATOR & (bit, bit) SET ("Restrict" = _int_contsel);
ALTER OPERATOR === (boolean, nosuch) OWNER TO CURRENT_USER;
ALTER OPERATOR === (boolean, boolean) OWNER TO CURRENT_USER;
ALTER OPERATOR === (boolean, boolean) SET SCHEMA nosuch;
CREATE SCHEMA sch;
ALTER OPERATOR === (boolean, boolean) SET SCHEMA sch;
DROP OPERATOR === (boolean, boolean);
DROP OPERATOR sch.=== (boolean, boolean);
DROP OPERATOR IF EXISTS sch.=== (boolean, boolean);
DROP OPERATOR #%# (int8, int8), @#@ (NONE, int8);

-- sequence: operator classes and families
-- schema differs: Index public.oti is in the model only | an index does not need its operator class
CREATE OPERATOR FAMILY alt_opf1 USING hash;
CREATE OPERATOR FAMILY alt_opf1 USING hash;
CREATE OPERATOR FAMILY alt_opf2 USING hash;
ALTER OPERATOR FAMILY alt_opf1 USING hash RENAME TO alt_opf2;
ALTER OPERATOR FAMILY alt_opf1 USING hash RENAME TO alt_opf3;
ALTER OPERATOR FAMILY alt_opf2 USING hash OWNER TO CURRENT_USER;
CREATE SCHEMA alt_nsp;
ALTER OPERATOR FAMILY alt_opf2 USING hash SET SCHEMA alt_nsp;
CREATE OPERATOR CLASS alt_opc1 FOR TYPE uuid USING hash AS STORAGE uuid;
CREATE OPERATOR CLASS alt_opc2 FOR TYPE uuid USING hash AS STORAGE uuid;
ALTER OPERATOR CLASS alt_opc1 USING hash RENAME TO alt_opc2;
ALTER OPERATOR CLASS alt_opc1 USING hash RENAME TO alt_opc3;
ALTER OPERATOR CLASS alt_opc2 USING hash SET SCHEMA alt_nsp;
CREATE OPERATOR FAMILY alt_opf4 USING btree;
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD OPERATOR 1 < (int4, int2), OPERATOR 2 <= (int4, int2), OPERATOR 3 = (int4, int2), OPERATOR 4 >= (int4, int2), OPERATOR 5 > (int4, int2), FUNCTION 1 btint42cmp(int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING btree DROP OPERATOR 1 (int4, int2), OPERATOR 2 (int4, int2), OPERATOR 3 (int4, int2), OPERATOR 4 (int4, int2), OPERATOR 5 (int4, int2), FUNCTION 1 (int4, int2);
-- differs: not checked yet (42704)
ALTER OPERATOR FAMILY alt_opf4 USING btree DROP OPERATOR 1 (int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING invalid_index_method ADD OPERATOR 1 < (int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD OPERATOR 6 < (int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD OPERATOR 0 < (int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD OPERATOR 1 <;
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD FUNCTION 0 btint42cmp(int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD FUNCTION 6 btint42cmp(int4, int2);
ALTER OPERATOR FAMILY alt_opf4 USING btree ADD STORAGE invalid_storage;
CREATE OPERATOR FAMILY alt_opf7 USING btree;
ALTER OPERATOR FAMILY alt_opf7 USING btree ADD OPERATOR 1 < (int4, int2), OPERATOR 1 < (int4, int2);
ALTER OPERATOR FAMILY alt_opf7 USING btree ADD OPERATOR 1 < (int4, int2), FUNCTION 1 btint42cmp(int4, int2), FUNCTION 1 btint42cmp(int4, int2);
ALTER OPERATOR FAMILY alt_opf7 USING btree ADD FUNCTION 1 nosuch(int4, int2);
ALTER OPERATOR FAMILY alt_opf7 USING btree ADD OPERATOR 1 <<<< (int4, int2);
ALTER OPERATOR FAMILY nosuch USING btree ADD OPERATOR 1 < (int4, int2);
DROP OPERATOR FAMILY alt_opf7 USING btree;
DROP OPERATOR FAMILY IF EXISTS alt_opf7 USING btree;
DROP OPERATOR FAMILY alt_opf7 USING btree;
DROP OPERATOR CLASS nosuch USING btree;
DROP OPERATOR CLASS IF EXISTS nosuch USING btree;
-- differs: not checked yet (42704)
DROP OPERATOR CLASS IF EXISTS nosuch USING nosuch;
DROP OPERATOR FAMILY alt_opf3 USING hash CASCADE;
CREATE TABLE ot (a int);
CREATE OPERATOR CLASS my_int_ops FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
CREATE INDEX oti ON ot (a my_int_ops);
-- differs: not checked yet (2BP01)
DROP OPERATOR CLASS my_int_ops USING btree;
-- differs: not checked yet (2BP01)
DROP OPERATOR FAMILY my_int_ops USING btree;
DROP OPERATOR CLASS my_int_ops USING btree CASCADE;
CREATE OPERATOR CLASS my_int_ops2 DEFAULT FOR TYPE int4 USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int4, int4);
CREATE OPERATOR CLASS my_int_ops2 FOR TYPE int4 USING nosuch AS OPERATOR 1 <;
CREATE OPERATOR CLASS my_int_ops2 FOR TYPE nosuch USING btree AS OPERATOR 1 <;
-- differs: not checked yet (42P17)
CREATE OPERATOR CLASS my_int_ops2 FOR TYPE int4 USING btree AS OPERATOR 1 < FOR ORDER BY integer_ops;
CREATE OPERATOR CLASS my_int_ops2 FOR TYPE int4 USING btree FAMILY nosuch AS OPERATOR 1 <;
-- differs: not checked yet (42P17)
CREATE OPERATOR CLASS my_int_ops2 FOR TYPE int4 USING btree AS STORAGE int8;

-- sequence: casts and conversions
CREATE TYPE casttesttype AS (a int);
CREATE FUNCTION casttestfunc(casttesttype) RETURNS int4 LANGUAGE sql AS 'SELECT $1.a';
CREATE CAST (text AS casttesttype) WITHOUT FUNCTION;
CREATE CAST (casttesttype AS int4) WITH FUNCTION casttestfunc(casttesttype) AS IMPLICIT;
CREATE CAST (casttesttype AS int4) WITH FUNCTION casttestfunc(casttesttype);
CREATE CAST (int4 AS casttesttype) WITH INOUT;
DROP CAST (int4 AS casttesttype);
DROP CAST (int4 AS casttesttype);
DROP CAST IF EXISTS (int4 AS casttesttype);
DROP CAST IF EXISTS (int4 AS nosuch);
DROP CAST (int4 AS nosuch);
CREATE CAST (int4 AS casttesttype) WITH FUNCTION bar_int4_text(int4);
CREATE CAST (int8 AS casttesttype) WITH FUNCTION casttestfunc(casttesttype);
CREATE CAST (casttesttype AS int8) WITH FUNCTION casttestfunc(casttesttype);
CREATE CAST (int4 AS int4) WITHOUT FUNCTION;
CREATE CAST (anyelement AS int4) WITH INOUT;
CREATE CAST (int4 AS int8) WITHOUT FUNCTION;
COMMENT ON CAST (casttesttype AS int4) IS 'x';
-- differs: not checked yet (42704)
COMMENT ON CAST (casttesttype AS int8) IS 'x';
DROP FUNCTION casttestfunc(casttesttype);
DROP TYPE casttesttype;
DROP TYPE casttesttype CASCADE;
CREATE CONVERSION myconv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CONVERSION myconv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION public.mydef FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
-- differs: not checked yet (42710)
CREATE DEFAULT CONVERSION public.mydef2 FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
-- differs: not checked yet (XX000)
CREATE CONVERSION mybad FOR 'LATIN1' TO 'UTF8' FROM utf8_to_iso8859_1;
CREATE CONVERSION mybad FOR 'nosuch' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CONVERSION mybad FOR 'LATIN1' TO 'UTF8' FROM nosuch;
CREATE CONVERSION mybad FOR 'SQL_ASCII' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION myconv_bad IS 'foo';
COMMENT ON CONVERSION myconv IS 'bar';
COMMENT ON CONVERSION myconv IS NULL;
ALTER CONVERSION myconv RENAME TO mydef;
ALTER CONVERSION myconv RENAME TO myconv2;
ALTER CONVERSION nosuch RENAME TO myconv2;
ALTER CONVERSION myconv2 OWNER TO CURRENT_USER;
ALTER CONVERSION myconv2 SET SCHEMA nosuch;
DROP CONVERSION myconv;
DROP CONVERSION IF EXISTS myconv;
DROP CONVERSION myconv2;
DROP CONVERSION mydef;

-- sequence: collations
-- schema differs: View public.depv is in the model only | a collation in an expression is no dependency
-- schema differs: Index public.depi is in the model only | a collation in an expression is no dependency
-- schema differs: Domain public.depd is in the model only | a collation in an expression is no dependency
CREATE COLLATION test0 FROM "C";
CREATE COLLATION test0 FROM "C";
CREATE COLLATION IF NOT EXISTS test0 FROM "C";
CREATE COLLATION IF NOT EXISTS test0 (locale = 'foo');
CREATE COLLATION test1 (lc_collate = 'C', lc_ctype = 'C');
CREATE COLLATION test2 (locale = 'C');
CREATE COLLATION test3 (lc_collate = 'C');
CREATE COLLATION test3 FROM "nosuch";
-- differs: not checked yet (22023)
CREATE COLLATION test3 (locale = 'nonsense-no-such');
CREATE COLLATION test3 (locale = 'C', lc_collate = 'C');
CREATE COLLATION test3 (provider = foo, locale = 'C');
CREATE COLLATION test3 (from = "C", version = '1');
CREATE COLLATION test3 (nosuch = 'C');
CREATE COLLATION test3 (locale = 'C', deterministic = false);
CREATE COLLATION test3 ("Lc_Collate" = 'C');
ALTER COLLATION test1 RENAME TO test11;
ALTER COLLATION test0 RENAME TO test11;
ALTER COLLATION test1 RENAME TO test22;
ALTER COLLATION test11 OWNER TO CURRENT_USER;
CREATE SCHEMA test_schema;
ALTER COLLATION test11 SET SCHEMA test_schema;
COMMENT ON COLLATION test0 IS 'US English';
COMMENT ON COLLATION nosuch IS 'US English';
-- differs: the collation of an expression is not derived
ALTER COLLATION "en_US" REFRESH VERSION;
ALTER COLLATION test0 REFRESH VERSION;
DROP COLLATION test0, test_schema.test11, test2;
DROP COLLATION test0;
DROP COLLATION IF EXISTS test0;
CREATE COLLATION dep FROM "C";
CREATE TABLE dept (a text COLLATE dep, b text);
CREATE INDEX depi ON dept (b COLLATE dep);
CREATE VIEW depv AS SELECT b COLLATE dep AS b FROM dept;
CREATE DOMAIN depd AS text COLLATE dep;
CREATE TYPE dept2 AS (a text COLLATE dep);
DROP COLLATION dep;
DROP COLLATION dep CASCADE;

-- sequence: languages, transforms, access methods
-- schema differs: Table public.tableam_tblas_heap2 is in the model only | what needs an access method or a language does not say so
-- schema differs: MaterializedView public.tableam_tblmv_heap2 is in the model only | what needs an access method or a language does not say so
-- schema differs: Function public.inlang() is in the model only | what needs an access method or a language does not say so
CREATE LANGUAGE nosuchlang;
CREATE LANGUAGE plpgsql;
CREATE OR REPLACE LANGUAGE plpgsql;
CREATE LANGUAGE alt_lang1 HANDLER plpgsql_call_handler;
CREATE TRUSTED LANGUAGE alt_lang2 HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE alt_lang3 HANDLER nosuch;
-- differs: not checked yet (42883)
CREATE LANGUAGE alt_lang3 HANDLER int4pl;
CREATE LANGUAGE alt_lang1 HANDLER plpgsql_call_handler;
ALTER LANGUAGE alt_lang1 RENAME TO alt_lang2;
ALTER LANGUAGE alt_lang1 RENAME TO alt_lang3;
ALTER LANGUAGE alt_lang3 OWNER TO CURRENT_USER;
COMMENT ON LANGUAGE alt_lang3 IS 'x';
COMMENT ON LANGUAGE nosuch IS 'x';
CREATE FUNCTION inlang() RETURNS int LANGUAGE alt_lang3 AS 'x';
-- differs: not checked yet (2BP01)
DROP LANGUAGE alt_lang3;
DROP LANGUAGE alt_lang3 CASCADE;
DROP LANGUAGE IF EXISTS nosuch;
DROP LANGUAGE nosuch;
DROP LANGUAGE sql;
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE OR REPLACE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE TRANSFORM FOR nosuch LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE TRANSFORM FOR int8 LANGUAGE nosuch (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE TRANSFORM FOR int8 LANGUAGE sql (FROM SQL WITH FUNCTION nosuch(internal), TO SQL WITH FUNCTION int4recv(internal));
-- differs: not checked yet (42P17)
CREATE TRANSFORM FOR int8 LANGUAGE sql (FROM SQL WITH FUNCTION int4pl(int, int), TO SQL WITH FUNCTION int4recv(internal));
COMMENT ON TRANSFORM FOR int LANGUAGE sql IS 'x';
-- differs: not checked yet (42704)
COMMENT ON TRANSFORM FOR int8 LANGUAGE sql IS 'x';
DROP TRANSFORM FOR int LANGUAGE sql;
DROP TRANSFORM IF EXISTS FOR int LANGUAGE sql;
DROP TRANSFORM FOR int LANGUAGE sql;
DROP TRANSFORM IF EXISTS FOR fake_type LANGUAGE plperl;
CREATE ACCESS METHOD gist2 TYPE INDEX HANDLER gisthandler;
CREATE ACCESS METHOD bogus TYPE INDEX HANDLER int4in;
CREATE ACCESS METHOD bogus TYPE INDEX HANDLER heap_tableam_handler;
CREATE ACCESS METHOD bogus TYPE TABLE HANDLER bthandler;
CREATE ACCESS METHOD bogus TYPE TABLE HANDLER nosuch;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap2 IS 'x';
COMMENT ON ACCESS METHOD nosuch IS 'x';
CREATE TABLE tableam_tbl_heap2 (f1 int) USING heap2;
CREATE TABLE tableam_tblas_heap2 USING heap2 AS SELECT * FROM tableam_tbl_heap2;
CREATE MATERIALIZED VIEW tableam_tblmv_heap2 USING heap2 AS SELECT * FROM tableam_tbl_heap2;
CREATE VIEW tableam_view_heap2 USING heap2 AS SELECT * FROM tableam_tbl_heap2;
CREATE SEQUENCE tableam_seq_heap2 USING heap2;
CREATE TABLE tableam_parted_heap2 (a text, b int) PARTITION BY list (a) USING heap2;
CREATE TABLE i_am_a_failure USING "" AS SELECT 1;
-- differs: not checked yet (42704)
CREATE TABLE i_am_a_failure USING i_do_not_exist_am AS SELECT 1;
CREATE TABLE i_am_a_failure (a int) USING btree;
ALTER TABLE tableam_tbl_heap2 SET ACCESS METHOD heap;
-- differs: not checked yet (0A000)
ALTER TABLE tableam_tbl_heap2 SET ACCESS METHOD heap2, SET ACCESS METHOD heap2;
-- differs: not checked yet (2BP01)
DROP ACCESS METHOD heap2;
DROP ACCESS METHOD heap2 CASCADE;
DROP ACCESS METHOD nosuch;
DROP ACCESS METHOD IF EXISTS nosuch;
DROP ACCESS METHOD btree;
