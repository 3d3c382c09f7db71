CREATE SCHEMA app; CREATE SCHEMA mart;
CREATE TABLE app.intakes (id bigint PRIMARY KEY, week date, site text, state text, phone text);
CREATE TABLE app.clients (id bigint PRIMARY KEY, site text, "State" text);
CREATE TABLE mart.meals (id bigint, served_on date, pieces integer);
