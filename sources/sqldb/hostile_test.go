package sqldb_test

// What looks like a name, a text or a word of the language, and calls, reads or
// waits where it is taken for something else. Each is refused by its form.
var hostile = map[string][]string{
	"postgres": {
		// a function behind a dot
		"SELECT ('/etc/passwd'::text).pg_read_file", "SELECT (10).pg_sleep", "SELECT (1.5::float8).pg_sleep", "SELECT ('x'::text).note", "SELECT ('/'::text).pg_ls_dir",
		"SELECT (('/etc/passwd')::text).\"pg_read_file\"", "SELECT ('delete from news'::text).dblink_exec", "SELECT (title).note FROM news", "SELECT ((SELECT title FROM news LIMIT 1)).note",
		"SELECT (array['/etc/passwd'])[1].pg_read_file", "SELECT l[1].note FROM kinds", "SELECT {argument}.pg_read_file", "SELECT ({argument}::text).pg_read_file", "SELECT (row('x')).note",
		"SELECT (CASE WHEN true THEN 'x' END).note", "SELECT ('x'::text)\n.\nnote", "SELECT ('x'::text)/* */./* */note", "SELECT (lower('X')).note", "SELECT (json_each('{}')).note",
		"SELECT ((json_each('{}')).key).note", "SELECT ('counter'::text).nextval", "SELECT ('x'::text).public", "SELECT (1).pg_sleep FROM news", "SELECT title FROM news WHERE (title).note = 'x'",
		"SELECT 1 ORDER BY (10).pg_sleep", "SELECT max((title).note) FROM news", "VALUES (('x'::text).note)", "SELECT 1 FROM news LIMIT (1).note", "SELECT (news).audit FROM news", "SELECT (n.title).note FROM news n",
		// a function behind the name of what another one brings
		"SELECT g.pg_sleep FROM generate_series(9, 9) g", "SELECT g.pg_sleep FROM generate_series(9, 9) AS g", "SELECT g.pg_read_file FROM unnest(array['/etc/passwd']) g", "SELECT unnest.note FROM unnest(array['x'])",
		"SELECT g.note FROM unnest(array['x']) AS g(x)", "SELECT g.note FROM unnest(array['x']) WITH ORDINALITY AS g", "SELECT \"g\".note FROM unnest(array['x']) \"g\"", "SELECT g.\"note\" FROM unnest(array['x']) g",
		"SELECT g.note FROM news, LATERAL unnest(array[title]) g", "SELECT g.note FROM news JOIN unnest(array['x']) g ON true", "SELECT g.note FROM ROWS FROM (unnest(array['x'])) g", "SELECT g.note FROM regexp_split_to_table('a b', ' ') g",
		"SELECT g.note FROM string_to_table('a', ' ') AS g, (SELECT 1 FROM unnest(array['x']) AS g(note)) h", "SELECT g.note FROM json_array_elements_text('[\"x\"]') g", "SELECT 1 FROM unnest(array['x']) g WHERE g.note = ''",
		"SELECT (SELECT g.note) FROM unnest(array['x']) g", "SELECT g.note FROM pg_catalog.unnest(array['x']) g", "SELECT g.pg_ls_dir FROM (unnest(array['/']) g CROSS JOIN news)",
		// words that are names elsewhere
		"SELECT 1 AS distinct FROM pg_shadow", "SELECT n.is distinct FROM pg_shadow n", "SELECT 1 FROM news AS values, pg_shadow", "SELECT 1 FROM news qualify, pg_shadow", "SELECT 1 AS where, usename FROM pg_user",
		"SELECT index('x')", "SELECT key('x')", "SELECT match('x')", "SELECT return('x')", "SELECT system('x')", "SELECT zone('x')", "SELECT columns('x')", "SELECT over('x')", "SELECT top('x')", "SELECT regexp('x')",
		"SELECT cube('x')", "SELECT rollup('x')", "SELECT member('x')", "SELECT of('x')", "SELECT materialized('x')", "SELECT first('x')", "SELECT sets('x')", "SELECT use('x')", "SELECT div_('x')", "SELECT recursive('x')",
		"WITH a AS (SELECT 1), note('x') SELECT 1", "SELECT * FROM news TABLESAMPLE note (1)",
		// what the database keeps, by types and words
		"SELECT 'pg_authid'::regclass", "SELECT 10::regrole", "SELECT cast('note' AS regproc)", "SELECT regclass 'pg_authid'", "SELECT 'x'::pg_catalog.regclass", "SELECT '{10}'::regrole[]", "SELECT current_user", "SELECT session_user", "SELECT user",
		"SELECT current_role", "SELECT current_catalog", "SELECT current_schema", "SELECT * FROM (news JOIN pg_roles ON true)", "SELECT * FROM PG_SHADOW", "SELECT * FROM Pg_Catalog.Pg_Authid", "SELECT * FROM \"information_schema\".\"tables\"",
		// signs that are no letters
		"SELECT * FROM \u2028pg_shadow", "SELECT\u00a0note('x')", "SELECT 1 \ufeffFOR UPDATE", "SELECT lower\u200b('x')", "SELECT \xff", "SELECT lo\u212aer('x')",
		// the rest of the dozen
		"SELECT 1 OPERATOR(public.@@@) 2", "SELECT query_to_xml_and_xmlschema('DELETE FROM news', true, true, '')", "SELECT cursor_to_xml('c', 1, true, true, '')", "SELECT ts_stat('DELETE FROM news')", "SELECT lo_put(1, 0, 'x')",
		"SELECT pg_promote()", "SELECT lastval()", "SELECT pg_column_size(pg_read_file('x'))", "SELECT setseed(0.1)", "SELECT xpath_table('a', 'b', 'pg_shadow', 'c', 'd')", "SELECT crosstab('DELETE FROM news')", "SELECT 'x'.note",
	},
	"mariadb": {
		// texts as names, where double quotes are those of a name
		"SELECT * FROM \"mysql\".\"user\"", "SELECT * FROM \"mysql\".user", "SELECT * FROM mysql.\"user\"", "SELECT \"mysql\".\"user\".password FROM news", "SELECT * FROM \"user\"", "SELECT \"sleep\"(9)", "SELECT \"sleep\" (9)", "SELECT 'sleep'(9)",
		"SELECT * FROM news, \"processlist\"", "SELECT * FROM news JOIN \"user\" ON 1 = 1", "SELECT * FROM (\"user\")", "SELECT * FROM 'user'", "SELECT \"news\".\"title\" FROM news", "SELECT news.\"title\" FROM news", "SELECT 'a'.b FROM news",
		"SELECT \"a\\\", SLEEP(9), \\\"\"", "SELECT 'a\\', SLEEP(9), \\''", "SELECT \"a\\\" FROM mysql.user -- \"", "SELECT 'a\\' UNION SELECT SLEEP(9) -- '", "SELECT N'a\\' UNION SELECT SLEEP(9) -- '", "SELECT _utf8'a\\' UNION SELECT SLEEP(9) -- '",
		// words that are names elsewhere
		"SELECT any('x')", "SELECT some('x')", "SELECT over('x')", "SELECT against('x')", "SELECT member('x')", "SELECT of('x')", "SELECT columns('x')", "SELECT within('x')", "SELECT escape('x')", "SELECT offset('x')", "SELECT materialized('x')",
		"SELECT recursive('x')", "SELECT top('x')", "SELECT bernoulli('x')", "SELECT at('x')", "SELECT zone('x')", "SELECT sets('x')", "SELECT next('x')", "SELECT ilike('x')", "SELECT glob('x')", "SELECT array('x')", "SELECT by('x')", "SELECT first('x')",
		"WITH a AS (SELECT 1), sleep(9) SELECT 1", "WITH sleep(a) SELECT 1", "SELECT (WITH a AS (SELECT 1), sleep(9))", "SELECT shop.over('x')", "SELECT `any`('x')", "SELECT shop . lower('x')", "SELECT `lower`.`x`('x')",
		// what belongs to the server
		"SELECT * FROM MYSQL.USER", "SELECT * FROM `INFORMATION_SCHEMA`.`TABLES`", "SELECT * FROM \u0130nformation_schema.tables", "SELECT * FROM `\u0130nformation_schema`.tables", "SELECT * FROM `mysql`/* */./* */`user`", "SELECT mysql.user.host FROM news",
		"SELECT CURRENT_USER", "SELECT CURRENT_ROLE", "SELECT CURRENT_USER()", "SELECT SESSION_USER()", "SELECT SYSTEM_USER()", "SELECT SCHEMA()", "SELECT VERSION()", "SELECT CONNECTION_ID()", "SELECT FOUND_ROWS()", "SELECT ROW_COUNT()",
		// functions
		"SELECT EXTRACTVALUE('a', 'b')", "SELECT UPDATEXML('a', 'b', 'c')", "SELECT NAME_CONST('a', 1)", "SELECT MASTER_GTID_WAIT('0-1-1', 9)", "SELECT RELEASE_ALL_LOCKS()", "SELECT UUID()", "SELECT WSREP_LAST_SEEN_GTID()", "SELECT ENCODE('a', 'b')",
		"SELECT SETVAL(counter, 9)", "SELECT LASTVAL(counter)", "SELECT PREVIOUS VALUE FOR counter", "SELECT SQL_THREAD_WAIT_AFTER_GTIDS('x')", "SELECT IS_USED_LOCK('a')", "SELECT BINLOG_GTID_POS('a', 1)", "SELECT ELT(1, SLEEP(9))", "SELECT IF(1, SLEEP(9), 0)",
		"SELECT title FROM news WHERE id = 1 AND SLEEP(9)", "SELECT title FROM news ORDER BY SLEEP(9)", "SELECT title FROM news GROUP BY SLEEP(9)", "SELECT title FROM news LIMIT 1 PROCEDURE ANALYSE(1)", "SELECT CASE SLEEP(9) WHEN 0 THEN 1 END",
		// comments, variables, files, locks
		"SELECT 1/*!,SLEEP(9)*/", "SELECT 1 /*!99999 */", "SELECT /*+ SET_VAR(sql_mode='') */ 1", "SELECT 1 INTO @a, @b", "SELECT @a", "SELECT @`a`", "SELECT @@SESSION.sql_mode", "SELECT 1 --\x01 SLEEP(9)", "SELECT * FROM news INTO\nOUTFILE 'x'",
		"SELECT * FROM news LOCK IN\nSHARE MODE", "SELECT * FROM news FOR UPDATE SKIP LOCKED", "SELECT * FROM news FOR SHARE OF news", "SELECT SQL_NO_CACHE SLEEP(9)", "TABLE news", "TABLE mysql.user", "HELP 'x'", "XA START 'x'", "CHECKSUM TABLE news",
		"SELECT\u00a0SLEEP(9)", "SELECT * FROM\ufeffmysql.user", "SELECT 1 \u2029 INTO OUTFILE 'x'", "SELECT \xbf\x5c'", "SELECT sleep\u200b(9)",
	},
	"sqlite": {
		// texts as names of tables
		"SELECT * FROM 'sqlite_master'", "SELECT * FROM 'news'", "SELECT * FROM news, 'sqlite_master'", "SELECT * FROM news JOIN 'sqlite_master'", "SELECT * FROM main.'sqlite_master'", "SELECT * FROM 'main'.sqlite_master", "SELECT * FROM 'main'.'sqlite_master'",
		"SELECT * FROM ('sqlite_master')", "SELECT * FROM 'pragma_database_list'", "SELECT * FROM 'pragma_table_info'('news')", "SELECT 'sqlite_master'.sql FROM news", "SELECT * FROM/**/'sqlite_master'", "SELECT * FROM news LEFT JOIN 'sqlite_master' ON 1",
		// IN and the name of a table
		"SELECT 1 IN sqlite_master", "SELECT 1 IN 'sqlite_master'", "SELECT 1 IN \"sqlite_master\"", "SELECT 1 IN [sqlite_master]", "SELECT 1 IN main.sqlite_master", "SELECT 1 IN main.'sqlite_master'", "SELECT 1 NOT IN sqlite_schema", "SELECT 1 IN temp.sqlite_temp_master",
		"SELECT 'x' IN pragma_table_list", "SELECT 'x' IN pragma_table_info('news')", "SELECT title FROM news WHERE title IN 'news'", "SELECT title FROM news WHERE (title, 1) IN 'sqlite_master'", "SELECT 1 IN load_extension('x')", "SELECT 1 IN sqlite_dbpage",
		// words that are names elsewhere
		"SELECT (with, load_extension('x')) FROM (SELECT 1 AS with)", "SELECT * FROM news offset, sqlite_master", "SELECT * FROM news window, sqlite_master", "SELECT * FROM news fetch, 'sqlite_master'", "SELECT * FROM news qualify, 'sqlite_master'",
		"SELECT * FROM news AS values_, 'sqlite_master'", "SELECT recursive, load_extension('x') FROM (SELECT 1 AS recursive)", "SELECT (with), load_extension('x')", "WITH a AS (SELECT 1), load_extension('x') SELECT 1", "SELECT (with, edit('x'))",
		"SELECT (WITH a AS (SELECT 1), load_extension('x') SELECT 1)", "SELECT * FROM (with, 'sqlite_master')", "SELECT * FROM news replace, sqlite_master", "WITH load_extension(x) SELECT load_extension('x')",
		// the file, its schema, and what a library brings
		"SELECT * FROM main.\"sqlite_master\"", "SELECT * FROM `sqlite_master`", "SELECT * FROM [sqlite_master]", "SELECT * FROM SQLITE_MASTER", "SELECT * FROM temp.sqlite_master", "SELECT * FROM sqlite_sequence", "SELECT * FROM sqlite_stat1", "SELECT * FROM sqlite_temp_schema",
		"SELECT * FROM pragma_function_list", "SELECT * FROM pragma_module_list()", "SELECT * FROM pragma_wal_checkpoint", "SELECT * FROM PRAGMA_table_xinfo('news')", "SELECT * FROM main.pragma_table_list", "SELECT sqlite_source_id()", "SELECT sqlite_compileoption_get(1)",
		"SELECT * FROM sqlite_dbpage", "SELECT * FROM dbstat", "SELECT * FROM bytecode('SELECT 1')", "SELECT * FROM tables_used('SELECT 1')", "SELECT * FROM zipfile('x')", "SELECT sqlar_uncompress('x', 1)", "SELECT eval('DELETE FROM news')", "SELECT sqlite_log(1, 'x')",
		"SELECT fts5(1)", "SELECT fts3_tokenizer('x', 'y')", "SELECT rtreecheck('x')", "SELECT lsdir('/')", "SELECT subtype('x')", "SELECT changes()", "SELECT total_changes()", "SELECT load_extension('x', 'y') OVER ()", "SELECT \"load_extension\"('x')",
		// signs that are no letters, and what begins a comment
		"SELECT * FROM \ufeffsqlite_master", "SELECT load_extension\ufeff('x')", "SELECT 1\ufeffFROM\ufeffsqlite_master", "SELECT * FROM\u00a0sqlite_master", "SELECT 1 -- \n FROM sqlite_master", "SELECT 1 /**/FROM/**/sqlite_master", "SELECT \xfe",
		"SELECT #1", "SELECT $a(1)", "SELECT ?", "SELECT 1 AS a, ?2", "SELECT x'00'(1)",
	},
}

// honest are statements as people write them, which stay close to those above.
var honest = map[string][]string{
	"": {
		"SELECT 'SELECT * FROM pg_shadow; DROP TABLE news' AS title", "SELECT title AS \"into\" FROM news", "SELECT n.title FROM news n, products p WHERE n.id > 0 AND p.stock > 0", "SELECT title FROM news WHERE title = 'for update'",
		"SELECT (SELECT count(*) FROM products) AS stock, title FROM news", "SELECT title FROM (SELECT title FROM news) x WHERE title <> ''", "SELECT title FROM news WHERE (town = 'x' OR (town = 'y')) OR title > ''", "SELECT title FROM news n WHERE EXISTS (SELECT 1 FROM products p WHERE p.title = n.title) OR 1 = 1",
		"WITH latest AS (SELECT max(published) AS at FROM news) SELECT n.title FROM news n JOIN latest l ON (n.published = l.at)", "SELECT count(DISTINCT town) AS stock, 'towns' AS title FROM news", "SELECT title, price FROM products WHERE price BETWEEN (1 + 1) AND (100 * 2)",
		"SELECT title FROM products ORDER BY (price * stock) DESC LIMIT 2", "SELECT title, sum(price) OVER (ORDER BY sku) AS price FROM products", "SELECT title FROM news WHERE NOT (town IS NULL)", "SELECT town AS title, count(*) AS stock FROM news GROUP BY town ORDER BY count(*) DESC, town",
		"SELECT title FROM news WHERE town IN ('Springfield', 'Shelbyville')", "SELECT title FROM news WHERE lower(town) LIKE '%field%'", "SELECT p.title, p.price FROM products AS p CROSS JOIN (SELECT avg(price) AS mean FROM products) AS a WHERE p.price > a.mean",
		"SELECT title FROM products WHERE price = (SELECT min(price) FROM products)", "SELECT title AS größe FROM news", "SELECT 'día, 日本, Ελλάδα' AS title", "SELECT title FROM news WHERE published > '2000-01-01' -- since then\n ORDER BY published DESC",
		"SELECT title FROM news UNION ALL (SELECT title FROM products)",
		"SELECT CASE WHEN (stock > 0) THEN (title) ELSE ('-') END AS title FROM products", "SELECT title FROM news WHERE published IS NOT NULL AND (town) IN (SELECT town FROM news)", "SELECT coalesce((SELECT title FROM news WHERE id = 99), 'none') AS title",
		"SELECT dense_rank() OVER (PARTITION BY (stock > 0) ORDER BY price) AS stock, title FROM products", "SELECT price * 1.19 AS price, title FROM products WHERE stock > .5", "SELECT title FROM news WHERE town = {reader.city} OR CAST({reader.city} AS char(20)) IS NULL",
	},
	"postgres": {
		"SELECT (lower(title)).upper AS title FROM news", "SELECT (json_each_text('{\"a\": \"b\"}')).value AS title", "SELECT (json_each_text('{\"a\": \"b\"}')).key AS title", "SELECT (jsonb_each(j)).* FROM kinds", "SELECT g.g AS title FROM generate_series(1, 3) g",
		"SELECT g.title FROM unnest(array['x']) AS g(title)", "SELECT e.value AS title FROM json_array_elements_text('[\"x\"]') e", "SELECT e.key AS title, e.value AS summary FROM jsonb_each_text('{\"a\": 1}') e", "SELECT a.title, a.ordinality FROM unnest(array['x']) WITH ORDINALITY a(title)",
		"SELECT w.word AS title FROM news n CROSS JOIN LATERAL regexp_split_to_table(n.title, ' ') AS w(word)", "SELECT x.* FROM json_to_record('{\"title\": \"x\"}') AS x(title text)", "SELECT l[1:2] AS title FROM kinds", "SELECT position('a' IN title) AS stock, title FROM news",
		"SELECT title FROM news WHERE town IS NOT DISTINCT FROM 'Springfield'", "SELECT title FROM news WHERE id = ANY (array[1, 2])", "SELECT title FROM news WHERE id = ALL (SELECT 1)", "SELECT town AS title FROM news GROUP BY GROUPING SETS ((town), ())",
		"SELECT town AS title, count(*) AS stock FROM news GROUP BY ROLLUP (town)", "SELECT town AS title FROM news GROUP BY town, CUBE (title)", "SELECT title FROM news TABLESAMPLE system (100)", "SELECT count(*) FILTER (WHERE stock > 0) AS stock, 'x' AS title FROM products",
		"WITH a AS MATERIALIZED (SELECT title FROM news) SELECT title FROM a", "SELECT title FROM news OFFSET (1)", "SELECT title FROM news FETCH FIRST (1) ROWS ONLY", "SELECT to_tsvector('english'::regconfig, title) @@ to_tsquery('bridge') AS x, title FROM news", "SELECT title FROM news WHERE (published, published) OVERLAPS (now()::timestamp, now()::timestamp) OR true",
		"SELECT date_trunc('month', published)::date AS published, title FROM news", "SELECT title FROM news WINDOW w AS (ORDER BY id)", "SELECT title FROM news WHERE published AT TIME ZONE ('UTC') > now() OR true", "SELECT array(SELECT title FROM news) AS title", "SELECT row_to_json(n) ->> 'title' AS title FROM news n",
		"SELECT jsonb_build_object('a', title) ->> 'a' AS title FROM news", "SELECT title FROM news WHERE title SIMILAR TO '(B|M)%'", "SELECT concat_ws(' ', title, town) AS title FROM news", "SELECT trim(both 'x' from title) AS title FROM news",
	},
	"mariadb": {
		"SELECT \"it's\" AS title", "SELECT \"a\" \"b\" AS title", "SELECT title FROM news WHERE town IN (\"Springfield\", \"Shelbyville\")", "SELECT title FROM news WHERE id = ANY (SELECT 1)", "SELECT title FROM news USE INDEX FOR ORDER BY (PRIMARY) ORDER BY id", "SELECT title FROM news FORCE INDEX (PRIMARY)",
		"SELECT town AS title, count(*) AS stock FROM news GROUP BY town WITH ROLLUP", "SELECT 7 MOD (2) AS stock, 'x' AS title", "SELECT t.title FROM JSON_TABLE('[{\"a\": \"x\"}]', '$[*]' COLUMNS (title varchar(9) PATH '$.a')) AS t", "SELECT json_insert('{}', '$.a', title) AS title FROM news",
		"SELECT title REGEXP ('^B') AS stock, title FROM news", "SELECT title FROM news WHERE title RLIKE 'B|M'", "SELECT `news`.`title` FROM `shop`.`news`", "SELECT if(title IS NULL, 'x', title) AS title FROM news", "SELECT count(*) AS stock, year(published) AS title FROM news GROUP BY year(published)",
		"SELECT 'a' || 'b' AS title", "SELECT timestampdiff(DAY, published, now()) AS stock, title FROM news", "SELECT title FROM news WHERE published BETWEEN now() - INTERVAL (90) YEAR AND now()", "SELECT CONVERT(title USING utf8mb4) AS title FROM news", "SELECT position('a' IN title) AS stock, title FROM news",
		"SELECT title COLLATE utf8mb4_bin AS title FROM news", "SELECT _utf8mb4'x' AS title", "SELECT x'41' AS title", "SELECT 'C:\\\\temp' AS title", "SELECT title FROM news STRAIGHT_JOIN (SELECT 1) x", "SELECT SQL_NO_CACHE title FROM news", "SELECT 5 DIV (2) AS stock, 'x' AS title",
		"SELECT title FROM news ORDER BY field(town, 'Shelbyville', 'Springfield')", "SELECT format(price, 2) AS summary, title FROM products", "SELECT substring_index(title, ' ', 1) AS title FROM news", "SELECT title FROM news WHERE title = \"a \"\" b\" OR true", "SELECT json_value('{\"a\": 1}', '$.a') AS title",
		"SELECT 1 AS `sleep`, title FROM news", "SELECT title FROM news LIMIT 2 OFFSET 1", "SELECT dayname(published) AS summary, title FROM news",
	},
	"sqlite": {
		"SELECT title FROM news WHERE title IN (SELECT title FROM news)", "SELECT title FROM news WHERE title NOT IN ('a', 'b')", "SELECT title 'a' FROM news", "SELECT title AS 'title' FROM news AS 'n'", "SELECT \"title\" FROM \"news\"", "SELECT [news].[title] FROM [news]",
		"SELECT j.value AS title FROM json_each('[1]') j", "SELECT value AS title FROM news, json_each('[1]')", "SELECT count(*) FILTER (WHERE stock > 0) AS stock, 'x' AS title FROM products", "SELECT title FROM news LIMIT 1 OFFSET (0)", "SELECT title FROM news WHERE title GLOB ('B*')",
		"SELECT title FROM news WHERE title LIKE 'a\\%' ESCAPE '\\' OR 1", "WITH a(t) AS NOT MATERIALIZED (SELECT title FROM news) SELECT t AS title FROM a", "SELECT x'41' AS title", "SELECT cast(price AS integer) AS price, title FROM products", "SELECT title FROM news WHERE town IS NOT DISTINCT FROM 'Springfield'",
		"SELECT date(published, '+1 day') AS published, title FROM news", "SELECT '{\"a\":\"b\"}' ->> 'a' AS title", "SELECT title COLLATE NOCASE AS title FROM news", "SELECT main.news.title FROM main.news", "SELECT max(id, 5) AS stock, title FROM news", "SELECT printf('%.2f', price) AS summary, title FROM products",
		"SELECT instr(title, 'a') AS stock, title FROM news", "SELECT title FROM news NOT INDEXED", "SELECT title, rowid AS id FROM news", "SELECT unixepoch(published) AS stock, title FROM news", "SELECT typeof(price) AS summary, title FROM products", "SELECT like('B%', title) AS stock, title FROM news",
		"SELECT title FROM news NATURAL JOIN (SELECT 1)", "SELECT json_group_array(title) AS title FROM news", "SELECT CAST(julianday(published) AS int) AS stock, title FROM news", "SELECT quote(title) AS title FROM news", "SELECT total(price) AS price, 'x' AS title FROM products",
	},
}
