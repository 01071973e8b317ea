// Package table is the source kind for tables: CSV and TSV as programs write
// them, XLSX and ODS workbooks, a published sheet, or rows that an editor writes
// in the console. Each row is an item, each column what it is called after; a
// row is asked for by its key. Whatever a document holds, reading it takes a
// bounded amount of memory and time.
package table

import (
	"embed"
	"os"
	"strings"
	"time"

	"golang.org/x/net/html/charset"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

const op = "read table"

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "table",
	StaleIfError: 24 * time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{} },
}

// Settings configure a table.
type Settings struct {
	URL       string            `name:"url" label:"Address" help:"Where the table is: a CSV, TSV, XLSX or ODS file, or the address of a Google sheet that is published or that whoever has the link may see." check:"url" example:"https://example.org/prices.csv" is:"address"`
	File      string            `name:"file" label:"File" help:"The same as a file of this machine. In the configuration file only." example:"prices.xlsx" more:"true" local:"true"`
	Rows      string            `name:"rows" label:"Rows" help:"Or the rows themselves, the names of the columns first; paste them from a spreadsheet, or write a line for each row with commas or tabs between its cells." check:"max=200000" example:"name,price,stock" is:"grid"`
	Key       string            `name:"key" label:"Key" help:"The column that a row is asked for by; | parts several names. Not set: its id, title or name." check:"max=100" example:"name"`
	Aliases   string            `name:"aliases" label:"Other names" help:"A column with other names of a row, parted by |." check:"max=100" example:"also called" more:"true"`
	Columns   map[string]string `name:"columns" label:"Columns" help:"What a column is where its name does not say it: title, summary, body, link, image, published, price, currency, stock, start, end, place, or the name of a fact; a lone - leaves it out." check:"max=200" example:"{ \"Preis (EUR)\" = \"price\" }" more:"true"`
	Shape     string            `name:"shape" label:"Shape" help:"What a row is, so that it is told as such. Not set: its columns, one after another." choices:",article,recipe,quote,product,event"`
	Sheet     string            `name:"sheet" label:"Sheet" help:"The sheet of a workbook; not set: the first." check:"max=100" example:"Prices" more:"true"`
	Delimiter string            `name:"delimiter" label:"Delimiter" help:"What parts the cells of a text; not set: found out." choices:",comma,semicolon,tab,bar" more:"true"`
	Encoding  string            `name:"encoding" label:"Encoding" help:"In which a text is written; not set: found out." check:"max=40" example:"windows-1252" more:"true"`
	Zone      string            `name:"zone" label:"Zone of times" help:"The zone of times that name none; type a city. Not set: the publisher's." check:"zone" example:"Europe/Paris" more:"true"`

	sources.Access   `settings:"inline"`
	sources.Credited `settings:"inline"`
}

var (
	_ settings.Checker   = (*Settings)(nil)
	_ sources.Discoverer = (*Settings)(nil)
)

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := s.Access.Check()
	given := 0
	for _, text := range []string{s.URL, s.File, strings.TrimSpace(s.Rows)} {
		if text != "" {
			given++
		}
	}
	switch {
	case given == 0:
		problems = append(problems, settings.Wrong("url", own.Text("none_given", nil)))
	case given > 1:
		field := "rows"
		if strings.TrimSpace(s.Rows) == "" {
			field = "file"
		}
		problems = append(problems, settings.Wrong(field, own.Text("several_given", nil)))
	}
	if e, _ := charset.Lookup(s.Encoding); s.Encoding != "" && e == nil {
		problems = append(problems, settings.Wrong("encoding", own.Text("no_encoding", nil)))
	}
	if strings.TrimSpace(s.Rows) == "" {
		return problems
	}
	t, err := s.parseRows()
	if err != nil {
		return append(problems, settings.Wrong("rows", words.Said(err)))
	}
	return append(problems, s.wrongRows(t)...)
}

// wrongRows returns the problems of the rows of the settings, each with its number.
func (s *Settings) wrongRows(t table) settings.Problems {
	const most = 10
	var problems settings.Problems
	if t.more {
		problems = append(problems, settings.Wrong("rows", own.Text("many_rows", words.Args{"max": maxRows})))
	}
	if err := s.missingColumn(t); err != nil {
		return append(problems, settings.Wrong("rows", words.Said(err)))
	}
	for i, l := range t.rows {
		if len(problems) == most {
			return append(problems, settings.Wrong("rows", own.Text("more_rows", words.Args{"count": len(t.rows) - i})))
		}
		if len(l.cells) > len(t.head) {
			problems = append(problems, settings.Wrong("rows", own.Text("wide_row", words.Args{"row": l.number, "cells": len(l.cells), "columns": len(t.head)})))
		}
	}
	seen := map[string]int{}
	for _, l := range t.rows {
		name := t.cellOf(l, s.Key)
		if before, double := seen[name]; s.Key != "" && name != "" && double && len(problems) < most {
			problems = append(problems, settings.Wrong("rows", own.Text("twice", words.Args{"row": l.number, "other": before, "key": displayText(name)})))
		}
		seen[name] = l.number
	}
	return problems
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{settings: *s, client: env.Client, clock: env.Clock, address: sheetAddress(s.URL), languages: env.Languages}
	if s.File != "" {
		path, err := env.Local("file", s.File)
		if err != nil {
			return nil, err //nolint:wrapcheck // of the contract of sources
		}
		if _, err := os.Stat(path); err != nil {
			return nil, &pull.Error{Kind: pull.Invalid, Op: op, Field: "file", Hint: own.Text("no_file", nil), Err: err}
		}
		src.path = path
	}
	naive, err := env.ZoneNamed("zone", s.Zone)
	if err != nil {
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	src.Told = shape.Told{Credited: s.Credited, Maker: shape.New(shape.Options{
		Shape: s.Shape, Language: env.Languages[0], Zone: env.Zone, Naive: naive, Base: s.URL, Untyped: true, Key: s.keyName(),
	})}
	return src, nil
}

func displayText(text string) string { return sources.Shorten(sources.Line(text), 40) }

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
