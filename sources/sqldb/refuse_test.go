package sqldb_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"keypull/pull/settings"
	"keypull/sources/sqldb"
)

// Where a statement is refused: in every dialect, or in one.
var everywhere = []string{
	// other statements
	"", ";", "-- SELECT 1", "hello", "INSERT INTO news VALUES (9)", "UPDATE news SET title = ''", "DELETE FROM news", "DROP TABLE news",
	"TRUNCATE news", "ALTER TABLE news ADD x int", "CREATE TABLE x (a int)", "CREATE TABLE x AS SELECT 1", "GRANT ALL ON news TO public", "REVOKE ALL ON news FROM reader",
	"MERGE INTO news USING x ON 1=1 WHEN MATCHED THEN DELETE", "REPLACE INTO news VALUES (1)", "CALL note('x')", "DO note('x')", "EXECUTE stmt",
	"PREPARE s AS DELETE FROM news", "DEALLOCATE s", "EXPLAIN ANALYZE DELETE FROM news", "EXPLAIN SELECT 1", "ANALYZE news", "VACUUM", "REINDEX", "SET x = 1", "RESET ALL",
	"SHOW TABLES", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT a", "LOCK TABLE news", "USE mysql", "(", "SELECT (1", "SELECT 1)", "SELECT ')'(",
	// several
	"SELECT 1; DELETE FROM news", "SELECT 1;; DELETE FROM news", "SELECT 1;SELECT 2", "SELECT 1; -- DELETE\nDROP TABLE news", "SELECT ';' ; DROP TABLE news", "; SELECT 1",
	"/* ; */ SELECT 1 ; /* */ DELETE FROM news", "SELECT 1 /* a */;\n/* b */ UPDATE news SET id = 1",
	// what changes in what begins like reading
	"WITH a AS (DELETE FROM news RETURNING *) SELECT * FROM a", "WITH a AS (INSERT INTO news VALUES (9) RETURNING id) SELECT id FROM a",
	"WITH a AS (UPDATE news SET id = 1 RETURNING *) SELECT 1", "WITH a AS (SELECT 1) DELETE FROM news", "WITH a AS (SELECT 1) UPDATE news SET id = 2",
	"WITH a AS (SELECT 1) INSERT INTO news SELECT * FROM a", "WITH a AS (SELECT 1) REPLACE INTO news SELECT * FROM a", "WITH a AS (MERGE INTO news USING x ON true WHEN MATCHED THEN DELETE) SELECT 1",
	"SELECT * INTO copied FROM news", "SELECT id INTO TEMP copied FROM news", "SELECT 1 INTO x", "SELECT * FROM (DELETE FROM news RETURNING *) x",
	// locks
	"SELECT * FROM news FOR UPDATE", "SELECT * FROM news FOR SHARE", "SELECT * FROM news FOR NO KEY UPDATE", "SELECT * FROM news FOR KEY SHARE", "SELECT * FROM news FOR/**/UPDATE",
	"SELECT * FROM news for\nupdate NOWAIT", "SELECT * FROM (SELECT * FROM news FOR UPDATE) x", "SELECT * FROM news LOCK IN SHARE MODE", "(SELECT * FROM news) FOR UPDATE",
	"SELECT id FROM news FOR UPDATE OF news SKIP LOCKED", "SELECT lower((SELECT title FROM news LIMIT 1 FOR UPDATE))",
	// functions
	"SELECT note('x')", "SELECT \"note\"('x')", "SELECT public.note('x')", "SELECT note /* a */ ('x')", "SELECT lower(note('x'))", "SELECT * FROM note('x')",
	"SELECT * FROM news WHERE id = note('x')", "SELECT 1 ORDER BY note('x')", "SELECT 1 LIMIT note('x')", "VALUES (note('x'))", "SELECT CASE WHEN note('x') THEN 1 END",
	"SELECT 1 UNION SELECT note('x')", "WITH a AS (SELECT note('x')) SELECT * FROM a", "SELECT xp_cmdshell('dir')", "SELECT * FROM news JOIN note('x') ON true",
	"SELECT * FROM xp_cmdshell('dir')", "SELECT master.xp_cmdshell('dir')",
	// what is written otherwise than it looks
	"SELECT '", "SELECT 'a", "SELECT /* 1", "SELECT \"a", "SELECT 1\x00", "SELECT 1\x0bFOR UPDATE", "SELECT {nothing}", "SELECT {argument", "SELECT '{argument}'",
	"SELECT '%{argument}%'", "SELECT 1FROM news", "SELECT 1INTO x", "SELECT 1e5INTO x", "SELECT {fn sleep(5)}", "SELECT {reader.}", "SELECT {reader.a b}", "SELECT }",
	"SELECT \\N", "SELECT a := 1", "SELECT $1", "SELECT 'a\\' OR note(1) -- '",
}

var refusedBy = map[string][]string{
	"postgres": {
		"TABLE pg_shadow", "TABLE news", "SELECT * FROM (TABLE pg_shadow) x", "COPY news TO '/tmp/x'", "COPY (SELECT 1) TO PROGRAM 'id'", "LISTEN x", "NOTIFY x", "LOAD 'x'", "CHECKPOINT", "DISCARD ALL",
		"CLUSTER news", "REFRESH MATERIALIZED VIEW x", "DECLARE c CURSOR FOR SELECT 1", "FETCH ALL FROM c", "SECURITY LABEL ON TABLE news IS 'x'",
		"SELECT pg_sleep(10)", "SELECT pg_catalog.pg_sleep(10)", "SELECT \"pg_sleep\"(10)", "SELECT pg_sleep_for('5 minutes')", "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_xact_lock(1)",
		"SELECT pg_read_file('/etc/passwd')", "SELECT pg_read_binary_file('/etc/passwd')", "SELECT pg_ls_dir('/')", "SELECT pg_stat_file('/etc/passwd')", "SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/x')",
		"SELECT lo_get(1)", "SELECT lo_create(1)", "SELECT lo_unlink(1)", "SELECT lo_from_bytea(0, 'x')", "SELECT pg_terminate_backend(1)", "SELECT pg_cancel_backend(1)", "SELECT pg_reload_conf()", "SELECT pg_rotate_logfile()",
		"SELECT set_config('statement_timeout', '0', false)", "SELECT nextval('counter')", "SELECT setval('counter', 1)", "SELECT currval('counter')", "SELECT * FROM dblink('host=x', 'delete') AS t(a int)", "SELECT dblink_exec('x')",
		"SELECT query_to_xml('DELETE FROM news', true, true, '')", "SELECT database_to_xml(true, true, '')", "SELECT table_to_xml('pg_shadow', true, true, '')", "SELECT pg_notify('a', 'b')", "SELECT pg_switch_wal()", "SELECT pg_create_restore_point('x')",
		"SELECT pg_logical_emit_message(true, 'a', 'b')", "SELECT txid_current()", "SELECT current_setting('data_directory')", "SELECT inet_server_addr()", "SELECT pg_backend_pid()", "SELECT version()", "SELECT pg_export_snapshot()",
		"SELECT * FROM pg_shadow", "SELECT * FROM pg_catalog.pg_authid", "SELECT * FROM pg_hba_file_rules", "SELECT * FROM news, pg_shadow", "SELECT * FROM news JOIN pg_user ON true", "SELECT * FROM (pg_shadow CROSS JOIN news)",
		"SELECT * FROM ONLY pg_shadow", "SELECT * FROM ONLY (pg_shadow)", "SELECT (SELECT passwd FROM pg_shadow LIMIT 1)", "SELECT * FROM \"pg_shadow\"", "SELECT * FROM postgres.pg_catalog.pg_shadow", "SELECT * FROM information_schema.tables",
		"SELECT array(SELECT passwd FROM pg_shadow)", "SELECT * FROM U&\"\\0070g_shadow\"", "SELECT U&\"pg\\005fsleep\"(1)", "SELECT DISTINCT ON (id) pg_sleep(9) FROM news", "SELECT '{}' IS JSON WITH UNIQUE KEYS, pg_sleep(9)",
		"SELECT $$a$$(1)", "SELECT $a$ $$ $a$; DELETE FROM news", "SELECT E'\\'' ; DELETE FROM news --'", "SELECT $a$ {argument} $a$", "SELECT substring('a' FROM pg_sleep(9)::text)",
		"SELECT extract(year FROM (SELECT now() FROM news FOR UPDATE))", "WITH pg_sleep(a) AS (SELECT 1) SELECT pg_sleep(9)", "SELECT * FROM rows FROM (pg_ls_dir('/'))", "SELECT * FROM generate_series(1, pg_sleep(1)::int)",
	},
	"mariadb": {
		"SELECT * FROM news INTO OUTFILE '/tmp/x'", "SELECT * INTO OUTFILE '/tmp/x' FROM news", "SELECT 'x' INTO DUMPFILE '/tmp/x'", "SELECT 1 INTO @a", "SELECT LOAD_FILE('/etc/passwd')", "SELECT SLEEP(10)", "SELECT sleep (10)",
		"SELECT `sleep`(10)", "SELECT BENCHMARK(1000000000, MD5('a'))", "SELECT GET_LOCK('a', 10)", "SELECT RELEASE_LOCK('a')", "SELECT MASTER_POS_WAIT('a', 1)", "SELECT IS_FREE_LOCK('a')", "SELECT /*!50000 SLEEP(10) */", "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
		"SELECT 1 /*M! FOR UPDATE */", "SELECT /*+ MAX_EXECUTION_TIME(0) */ 1", "SELECT @@datadir", "SELECT @a := 1", "SELECT @@global.version", "SELECT * FROM mysql.user", "SELECT * FROM `mysql`.`user`", "SELECT * FROM mysql . user",
		"SELECT * FROM information_schema.processlist", "SELECT * FROM performance_schema.threads", "SELECT * FROM sys.session", "SELECT NEXT VALUE FOR counter", "SELECT nextval(counter)", "SELECT counter.nextval", "SELECT lower(NEXT VALUE FOR counter)",
		"SELECT * FROM news PROCEDURE ANALYSE()", "HANDLER news OPEN", "LOAD DATA INFILE '/etc/passwd' INTO TABLE news", "KILL 1", "FLUSH TABLES", "SHUTDOWN", "INSTALL PLUGIN x SONAME 'x'", "RENAME TABLE news TO x", "SET STATEMENT max_statement_time = 0 FOR SELECT 1",
		"DESCRIBE news", "SELECT 1 # a\n; DELETE FROM news", "SELECT 'a\\'b'; DELETE FROM news -- '", "SELECT \"a\\\" , SLEEP(9) -- \"", "SELECT \"SLEEP\"(9)", "SELECT UUID_SHORT()", "SELECT USER()", "SELECT DATABASE()", "SELECT LAST_INSERT_ID(5)",
		"SELECT MATCH(title) AGAINST ('x' WITH QUERY EXPANSION), SLEEP(9) FROM news", "SELECT ?", "SELECT sys_exec('id')", "SELECT sys_eval('id')", "SELECT $sleep(1)", "SELECT 1 --1; DELETE FROM news", "SELECT /* /* */ 1; DELETE FROM news -- */ 1", "SELECT shop.slug('x')", "VALUES (1), (SLEEP(9))",
	},
	"sqlite": {
		"ATTACH '/etc/passwd' AS x", "DETACH x", "PRAGMA journal_mode = DELETE", "PRAGMA query_only = 0", "SELECT * FROM pragma_table_info('news')", "SELECT * FROM pragma_database_list", "SELECT * FROM \"pragma_database_list\"", "SELECT load_extension('x')",
		"SELECT [load_extension]('x')", "SELECT `load_extension`('x')", "SELECT readfile('/etc/passwd')", "SELECT writefile('/tmp/x', 'x')", "SELECT edit('x')", "SELECT * FROM sqlite_master", "SELECT * FROM main.sqlite_schema", "SELECT * FROM news, sqlite_master",
		"SELECT fts3_tokenizer('x')", "SELECT randomblob(1000000000)", "SELECT zeroblob(1000000000)", "SELECT ?1", "SELECT :a", "SELECT @a", "SELECT $a", "SELECT * FROM fsdir('/')", "SELECT [a", "SELECT /* /* */ 1; DELETE FROM news -- */ 1", "SELECT last_insert_rowid()", "SELECT sqlite_version()", "SELECT *, load_extension('x') FROM news",
		"WITH a AS (SELECT 1) SELECT * FROM a, dbstat", "VACUUM INTO '/tmp/x'", "EXPLAIN QUERY PLAN SELECT 1", "SELECT 1 UNION ALL SELECT load_extension('x')",
	},
}

func TestAStatementThatDoesMoreThanReadIsRefused(t *testing.T) {
	for _, database := range databases {
		for _, query := range slices.Concat(everywhere, refusedBy[database], hostile[database]) {
			err := settings.Fill(sqldb.Kind.New(), values{"dsn": dsnOf(database, "owner"), "query": query})
			var problems settings.Problems
			if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != "query" {
				t.Errorf("%s takes %q: %v", database, query, err)
			}
		}
	}
}

// What only reads is taken, and understood by the database as it is written.
var taken = map[string][]string{
	"": {
		"SELECT title FROM news", "select title from news;", " SELECT title FROM news -- all\n", "/* all; DELETE */ SELECT title FROM news", "(SELECT title FROM news)", "SELECT 'it''s; DELETE FROM news' AS title",
		"WITH a AS (SELECT title FROM news) SELECT title FROM a", "WITH a(t) AS (SELECT title FROM news), b(u) AS (SELECT t FROM a) SELECT u AS title FROM b", "SELECT title FROM news UNION SELECT title FROM products",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i AS title FROM n", "SELECT count(*) AS title, max(price) AS price FROM products GROUP BY stock > 1 HAVING count(*) > 0",
		"SELECT title FROM news WHERE id IN (1, 2) AND (title LIKE 'B%' OR title LIKE 'M%')", "SELECT title FROM news WHERE EXISTS (SELECT 1 FROM products WHERE price > 20)", "SELECT upper(trim(title)) AS title FROM news",
		"SELECT CASE WHEN stock > 0 THEN 'there' ELSE 'sold' END AS summary, title FROM products", "SELECT cast(price AS decimal(10,2)) AS price, title FROM products", "SELECT coalesce(nullif(title, ''), 'x') AS title FROM news",
		"SELECT n.title FROM news n LEFT JOIN products p ON (p.title = n.title) ORDER BY n.id LIMIT 1", "SELECT title, row_number() OVER (PARTITION BY town ORDER BY id) AS place FROM news", "SELECT replace(title, 'a', 'b') AS title FROM news",
		"SELECT round(avg(price), 2) AS price, 'all' AS title FROM products", "VALUES (1, 'a')", "SELECT (SELECT max(title) FROM news) AS title", "SELECT title FROM news WHERE title NOT IN (SELECT title FROM products)",
		"SELECT title FROM news WHERE {argument} = {argument} OR title = {argument}", "SELECT -1.5e3 AS price, 'x' AS title", "SELECT news.id, news.title FROM news",
	},
	"postgres": {
		"SELECT $$it's; DELETE$$ AS title", "SELECT $q$ $$ $q$ AS title", "SELECT E'a\\'b' AS title", "SELECT /* a /* b */ c */ title FROM news", "SELECT title::varchar(5) FROM news", "SELECT 'a' || title AS title FROM news",
		"SELECT extract(year FROM published) AS title FROM news", "SELECT substring(title FROM 1 FOR 3) AS title FROM news", "SELECT DISTINCT ON (town) title FROM news", "SELECT string_agg(title, ', ' ORDER BY id) FILTER (WHERE id > 0) AS title FROM news",
		"SELECT x AS title FROM generate_series(1, 3) AS g(x)", "SELECT t.a AS title FROM (VALUES (1), (2)) t(a)", "SELECT title FROM news WHERE published > now() - interval '90 years'", "SELECT pg_catalog.lower(title) AS title FROM news",
		"SELECT j ->> 'k' AS title FROM kinds WHERE j @> '{\"k\": [1]}' AND j ? 'k'", "SELECT l[1] AS title FROM kinds", "SELECT x.title FROM news, LATERAL (SELECT news.title) x", "SELECT title FROM news WHERE title IS DISTINCT FROM 'x'",
		"SELECT title FROM news WHERE title ~* 'b' FETCH FIRST 1 ROWS ONLY", "SELECT to_char(published, 'DD.MM.') AS title FROM news", "SELECT title FROM public.news", "SELECT a.title, a.n FROM unnest(array['x']) WITH ORDINALITY AS a(title, n)",
		"SELECT published AT TIME ZONE 'UTC' AS published, title FROM news", "SELECT CAST(published AS timestamp(0) with time zone) AS x, title FROM news", "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS price, 'x' AS title FROM products",
	},
	"mariadb": {
		"SELECT `title` FROM `news` # all\n", "SELECT \"it's\" AS title", "SELECT 'a\\\\' AS title", "SELECT concat(title, '!') AS title FROM news", "SELECT date_format(published, '%d.%m.') AS title FROM news", "SELECT if(stock > 0, 'a', 'b') AS title FROM products",
		"SELECT group_concat(title ORDER BY id SEPARATOR ', ') AS title FROM news", "SELECT title FROM news WHERE published > now() - INTERVAL 90 YEAR", "SELECT title FROM shop.news", "SELECT 7 DIV 2 AS price, 'x' AS title", "SELECT title FROM news USE INDEX (PRIMARY) WHERE id = 1",
		"SELECT substring(title FROM 2 FOR 3) AS title FROM news", "SELECT title FROM news LIMIT 1, 1", "SELECT date_add(published, INTERVAL 1 DAY) AS published, title FROM news", "SELECT 5--1 AS price, 'x' AS title",
	},
	"sqlite": {
		"SELECT [title] FROM [news]", "SELECT `title` FROM \"news\"", "SELECT strftime('%d.%m.', published) AS title FROM news", "SELECT title FROM news WHERE title GLOB 'B*'", "SELECT value AS title FROM json_each('[1,2]')", "SELECT 'a\\' AS title", "SELECT iif(stock > 0, 'a', 'b') AS title FROM products",
		"SELECT title || '!' AS title FROM news", "SELECT group_concat(title, ', ') AS title FROM news", "SELECT title FROM main.news", "SELECT json_extract('{\"a\": \"b\"}', '$.a') AS title",
	},
}

func TestAStatementThatReadsIsTaken(t *testing.T) {
	for _, database := range databases {
		for _, query := range slices.Concat(taken[""], honest[""], taken[database], honest[database]) {
			if database == "sqlite" && (query[0] == '(' || strings.Contains(query, "ALL (SELECT")) {
				continue // it knows no brackets around a whole statement
			}
			source := opened(t, database, values{"query": query})
			if _, _, err := ask(t, source, "x"); err != nil {
				t.Errorf("%s: %q: %v", database, query, err)
			}
			_ = source.(interface{ Close() error }).Close()
		}
	}
}
