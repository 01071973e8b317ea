package sqldb_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/sourcetest"
	"keypull/sources/sqldb"
)

type values = map[string]any

const everyProduct = "SELECT sku, title, price, stock, link FROM products ORDER BY sku"

func TestSQLKeepsThePromisesOfASource(t *testing.T) {
	for _, database := range databases {
		t.Run(database, func(t *testing.T) { sourcetest.Run(t, promises(t, database)) })
	}
}

func promises(t *testing.T, database string) sourcetest.Case {
	c := sourcetest.Case{
		Kind: sqldb.Kind,
		Settings: func(string) values {
			return values{"dsn": dsnOf(database, "owner"), "query": everyProduct, "shape": "product", "key": "sku"}
		},
		Query: pull.Query{Argument: "chair", Count: 1}, Other: "A-1", Several: "lamp",
		Bad: badSettings(),
	}
	if database == "sqlite" {
		c.Base = filepath.Dir(servers.sqlite)
		return c
	}
	var cut func()
	c.Settings = func(string) values {
		port := map[string]int{"postgres": servers.postgres, "mariadb": servers.mariadb}[database]
		through, stop := between(t, port)
		cut = stop
		dsn := strings.Replace(dsnOf(database, "owner"), fmt.Sprint(":", port), fmt.Sprint(":", through), 1)
		return values{"dsn": dsn, "query": everyProduct, "shape": "product", "key": "sku"}
	}
	c.Down = func(*testing.T, sources.Env, values) { cut() }
	return c
}

func badSettings() []sourcetest.Bad {
	const dsn, query = "postgres://u:p@db.example.org/shop", "SELECT 1 AS title"
	return []sourcetest.Bad{
		{Name: "no database", Settings: values{"query": query}, Field: "dsn"},
		{Name: "a database of another kind", Settings: values{"dsn": "mongodb://h/db", "query": query}, Field: "dsn"},
		{Name: "no host", Settings: values{"dsn": "postgres:///shop", "query": query}, Field: "dsn"},
		{Name: "no user", Settings: values{"dsn": "postgres://h/shop", "query": query}, Field: "dsn"},
		{Name: "a file of passwords", Settings: values{"dsn": dsn + "?passfile=/etc/passwd", "query": query}, Field: "dsn"},
		{Name: "a key of the machine", Settings: values{"dsn": "host=h user=u dbname=d sslkey=/etc/key", "query": query}, Field: "dsn"},
		{Name: "several statements of a driver", Settings: values{"dsn": "u:p@tcp(h:3306)/d?multiStatements=true", "query": query}, Field: "dsn"},
		{Name: "files of a driver", Settings: values{"dsn": "mysql://u:p@h/d?allowAllFiles=true", "query": query}, Field: "dsn"},
		{Name: "another character set", Settings: values{"dsn": "mysql://u:p@h/d?charset=gbk", "query": query}, Field: "dsn"},
		{Name: "a database in memory", Settings: values{"dsn": "sqlite::memory:", "query": query}, Field: "dsn"},
		{Name: "no query", Settings: values{"dsn": dsn}, Field: "query"},
		{Name: "a query that writes", Settings: values{"dsn": dsn, "query": "DELETE FROM news"}, Field: "query"},
		{Name: "a shape that is none", Settings: values{"dsn": dsn, "query": query, "shape": "cloud"}, Field: "shape"},
		{Name: "a zone that is none", Settings: values{"dsn": dsn, "query": query, "zone": "Mars/Olympus"}, Field: "zone"},
		{Name: "too much time", Settings: values{"dsn": dsn, "query": query, "timeout": "10m"}, Field: "timeout"},
		{Name: "no certificate", Settings: values{"dsn": dsn, "query": query, "ca": "hello"}, Field: "ca"},
	}
}
