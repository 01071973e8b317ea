package jsonapi

import (
	"context"
	"maps"
	"slices"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/shape"
)

// readPage makes items of a page.
func (s *source) readPage(ctx context.Context, res outside.Response, number int, last *pull.Snapshot) (page, error) {
	d, err := s.decodeDocument(ctx, res)
	if err != nil {
		return page{}, err
	}
	return sources.RunParser(ctx, op, func() (page, error) {
		records, err := s.readRecords(d)
		if err != nil {
			return page{}, err
		}
		b := s.From(res.URL).Make(records, res.Fetched, last)
		if lost := b.Lost(); !lost.IsZero() {
			return page{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "fields", Hint: lost}
		}
		return page{items: b.Items, asOf: b.AsOf, warnings: sources.Warned(d.Guessed, b.Warnings()), next: s.nextOf(d, res, len(b.Items), number)}, nil
	})
}

// decodeDocument reads the document of an answer.
func (s *source) decodeDocument(ctx context.Context, res outside.Response) (jsonpath.Document, error) {
	return sources.RunParser(ctx, op, func() (jsonpath.Document, error) {
		return jsonpath.Decode(op, res.Body, sources.Encoded{Type: res.Header.Get("Content-Type"), Languages: s.env.Languages}, s.comparesNumbers())
	})
}

// readRecords returns the items of a document as named values.
func (s *source) readRecords(d jsonpath.Document) ([]shape.Record, error) {
	found := s.items.Find(d)
	if len(found) == 0 {
		up, lists := jsonpath.Parent(s.settings.Items)
		if !s.items.Compares && (!lists || len(up.Find(d)) == 0) {
			return nil, s.nothingAt(d)
		}
	}
	if len(found) == 1 && !s.items.Many {
		found = found[0].Members()
	}
	records := make([]shape.Record, 0, min(len(found), shape.MaxRecords+1))
	for _, item := range found {
		if item.Exact == nil {
			continue
		}
		records = append(records, s.recordOf(item, d))
		if len(records) > shape.MaxRecords {
			break
		}
	}
	return records, nil
}

// nothingAt says that the items are not where they should be; where the answer
// tells of an error of its own, that is told.
func (s *source) nothingAt(d jsonpath.Document) error {
	e := &pull.Error{Kind: pull.Unusable, Op: op, Field: "items", Hint: own.Text("no_items", words.Args{"path": s.settings.Items})}
	if object, ok := d.Exact.(map[string]any); ok {
		for _, name := range []string{"errors", "error", "message", "detail"} {
			said := sources.Shorten(sources.Line(shape.Text(saidIn(object[name]))), 120)
			if said != "" && said != "false" {
				e.Field, e.Hint = "url", own.Text("service_says", words.Args{"said": words.Quoted(said)})
				break
			}
		}
	}
	return e
}

// saidIn returns the message of an error.
func saidIn(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	if object, ok := v.(map[string]any); ok {
		for _, name := range []string{"message", "detail", "title", "code"} {
			if object[name] != nil {
				return object[name]
			}
		}
	}
	return v
}

// maxMembers is how many members an item has that nobody has named.
const maxMembers = 60

// recordOf returns an item by the fields of the settings, else by its own members.
func (s *source) recordOf(item, root jsonpath.Document) shape.Record {
	var r shape.Record
	for _, f := range s.fields {
		if v := f.valueIn(item, root); v != nil {
			r = append(r, shape.Value{Name: f.name, V: v})
		}
	}
	if len(s.fields) > 0 {
		return r
	}
	object, ok := item.Exact.(map[string]any)
	if !ok {
		return shape.Record{{Name: "title", V: item.Exact}}
	}
	names := slices.Sorted(maps.Keys(object))
	for _, name := range names[:min(len(names), maxMembers)] {
		r = append(r, shape.Value{Name: name, V: object[name]})
	}
	return r
}
