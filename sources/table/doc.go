// Package table is the source kind for tables: CSV and TSV as programs write
// them, XLSX and ODS workbooks, a published sheet, or rows that an editor writes
// in the console. Each row is an item, each column what it is called after; a
// row is asked for by its key. Whatever a document holds, reading it takes a
// bounded amount of memory and time.
package table
