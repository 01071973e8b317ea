package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

type source struct {
	settings Settings
	client   *outside.Client
	clock    func() time.Time
	shape.Told
	// address and path are where the table is; neither where the settings hold it.
	address, path string
	languages     []string
}

var (
	_ pull.Local = (*source)(nil)
)

// ReadsHere says whether the table is a file, or stands in the settings.
func (s *source) ReadsHere() bool { return s.address == "" }

// Key returns the same for every query: a table is read whole.
func (*source) Key(pull.Query) (string, error) { return "table", nil }

// ByName returns that of the shape, and so wherever there is a key.
func (s *source) ByName() bool { return s.Maker.ByName() || s.settings.Key != "" }

// Fetch reads the table.
func (s *source) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, sources.GivenUpError(op, err)
	}
	switch {
	case s.path != "":
		return s.fromFile(ctx, last)
	case s.address != "":
		return s.fromAddress(ctx, last)
	}
	return s.snapshot(ctx, pull.Snapshot{Fetched: s.clock()}, []byte(s.settings.Rows), "", "rows", last)
}

// accepted are the forms of a table.
const accepted = "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.oasis.opendocument.spreadsheet, text/tab-separated-values, */*;q=0.5"

func (s *source) fromAddress(ctx context.Context, last *pull.Snapshot) (pull.Snapshot, error) {
	o := sources.Opening{Op: op, Field: "url", Request: s.settings.On(sources.Accepting(s.address, accepted, maxBytes))}
	res, fresh, err := o.Fetch(ctx, s.client, last)
	if err != nil || fresh.Unchanged {
		return fresh, err
	}
	return s.snapshot(ctx, fresh, res.Body, res.Header.Get("Content-Type"), "url", last)
}

// fromFile reads the file if it has changed: by its time and size.
func (s *source) fromFile(ctx context.Context, last *pull.Snapshot) (pull.Snapshot, error) {
	known := ""
	if last != nil {
		known = last.Validators.ETag
	}
	body, stamp, err := sources.ReadFile(s.path, maxBytes, known)
	switch {
	case errors.Is(err, sources.ErrTooLong):
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "file", Hint: own.Text("too_large", nil)}
	case err != nil:
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "file", Hint: own.Text("no_file", nil), Err: err}
	case body == nil && last != nil:
		same := sources.Renew(*last, outside.Response{Fetched: s.clock()})
		same.Requests = 0
		return same, nil
	}
	return s.snapshot(ctx, pull.Snapshot{Fetched: s.clock(), Validators: pull.Validators{ETag: stamp}}, body, "", "file", last)
}

// snapshot makes items of a document.
func (s *source) snapshot(ctx context.Context, fresh pull.Snapshot, body []byte, contentType, field string, last *pull.Snapshot) (pull.Snapshot, error) {
	t, err := sources.RunParser(ctx, op, func() (table, error) {
		lines, _, err := readSheet(body, contentType, options{delimiter: s.settings.Delimiter, encoding: s.settings.Encoding, sheet: s.settings.Sheet, key: s.settings.Key, languages: s.languages})
		if err != nil {
			return table{}, err
		}
		return splitHeader(lines)
	})
	if err == nil {
		err = s.settings.missingColumn(t)
	}
	if s.settings.Shape == shape.Event && slices.ContainsFunc(t.rows, func(l line) bool {
		_, weekly := sources.DayOfWeek(l.cells[0], s.clock(), "")
		return weekly
	}) {
		fresh.Validators = pull.Validators{} // the days go on, though the document does not change
	}
	if err != nil {
		var e *pull.Error
		if errors.As(err, &e) && e.Field == "" {
			e.Field = field
		}
		return pull.Snapshot{}, err
	}
	s.fillSnapshot(&fresh, t, last)
	return fresh, nil
}

// fillSnapshot makes the items of a table, and the warnings by the numbers of its rows.
func (s *source) fillSnapshot(fresh *pull.Snapshot, t table, last *pull.Snapshot) {
	records, _ := s.settings.makeRecords(t)
	made := s.Make(records, fresh.Fetched, last)
	fresh.Items, fresh.AsOf = made.Items, made.AsOf
	fresh.Warnings = sources.Warned(t.guessed, fresh.Warnings)
	fresh.Warnings = append(fresh.Warnings, s.settings.columnWarnings(t)...)
	if t.more {
		fresh.Warnings = append(fresh.Warnings, own.Text("many_rows", words.Args{"max": maxRows}))
	}
	fresh.Warnings = append(fresh.Warnings, warnings(made, t)...)
}

// warnings returns the problems of the rows, by their numbers.
func warnings(made shape.Batch, t table) []words.Text {
	const most = 20
	var all []words.Text
	for i, p := range made.Problems {
		if i == most {
			return append(all, own.Text("more_rows", words.Args{"count": len(made.Problems) - most}))
		}
		row := 0
		if p.Record < len(t.rows) {
			row = t.rows[p.Record].number
		}
		key := "at_cell"
		if p.Field == "" {
			key = "at_row"
		}
		all = append(all, own.Text(key, words.Args{"row": row, "column": displayText(p.Field), "said": p.Said}))
	}
	for _, l := range t.rows {
		if len(l.cells) > len(t.head) && len(all) < most {
			all = append(all, own.Text("wide_row", words.Args{"row": l.number, "cells": len(l.cells), "columns": len(t.head)}))
		}
	}
	return all
}

// Say words the items by their shape, but for what their titles say.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply {
	items = sources.Copy(items)
	for i := range items {
		items[i].Facts = slices.DeleteFunc(items[i].Facts, func(f what.Fact) bool { return f.Kind == what.Text && f.Text == items[i].Title })
	}
	return s.Told.Say(items, v)
}

// parseRows returns the table that is written in the settings.
func (s *Settings) parseRows() (table, error) {
	lines, err := readText([]byte(s.Rows), "", options{delimiter: s.Delimiter})
	if err != nil {
		return table{}, fmt.Errorf("read rows: %w", err)
	}
	return splitHeader(lines)
}
