// Package sqldb is the source kind for the rows of a database: PostgreSQL,
// MySQL and MariaDB, or SQLite. One query, which a parser has found to read and
// nothing else, runs in a transaction that may not write, with what readers
// bring bound as parameters, never as text. Time, rows and bytes are bounded
// here and at the server.
package sqldb
