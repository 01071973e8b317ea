package pages_test

import (
	"reflect"
	"testing"
	"time"

	"keypull/pull/settings"
	"keypull/web/console/pages"
)

// answer is a struct with a field of every kind that changes are told of.
type answer struct {
	Title   string              `name:"title" label:"Title" help:"x" example:"x"`
	On      bool                `name:"on" label:"On" help:"x"`
	Mode    string              `name:"mode" label:"Mode" help:"x" choices:"fast,slow" example:"fast"`
	From    *time.Time          `name:"from" label:"From" help:"x" example:"2026-12-01T06:00:00+01:00"`
	Phrases map[string][]string `name:"phrases" label:"Phrases" help:"x" example:"{ en = [\"x\"] }"`
	Rows    []row               `name:"rows" label:"Rows" help:"x" example:"[{ text = \"x\" }]"`
	Token   settings.Secret     `name:"token" label:"Token" help:"x" example:"x"`
}

type row struct {
	Text string `name:"text" label:"Text" help:"x" example:"x"`
}

type table = map[string]any

func TestChangesAreToldByLabels(t *testing.T) {
	fields, err := settings.Fields(&answer{})
	if err != nil {
		t.Fatal(err)
	}
	before := table{"title": "Old", "on": true, "mode": "fast", "phrases": table{"en": []any{"news"}, "fr": []any{"actus"}},
		"rows": []any{table{"text": "one"}, table{"text": "two"}}, "token": settings.Mask, "same": "x"}
	after := table{"title": "New", "on": false, "mode": "fast", "from": "2026-12-01T06:00:00+01:00", "phrases": table{"en": []any{"news", "headlines"}, "fr": []any{"actus"}},
		"rows": []any{table{"text": "one"}}, "token": settings.Mask, "same": "x", "roles": table{"lecker": "editor"}}
	for name, c := range map[string]struct {
		before, after table
		secrets       []string
		want          []pages.FieldChange
	}{
		"a change": {before, after, []string{"token"}, []pages.FieldChange{
			{Label: "Title", Before: "Old", After: "New"}, {Label: "On", Before: "yes", After: "no"},
			{Label: "From", After: "1 December 2026, 05:00"}, {Label: "Phrases · English", Before: "news", After: "news, headlines"},
			{Label: "Rows 2 · Text", Before: "two"}, {Label: "Token", Before: "another one", After: "changed"}, {Label: "Roles · lecker", After: "editor"},
		}},
		"nothing":   {before, before, nil, nil},
		"a new one": {nil, table{"title": "New", "on": false}, nil, []pages.FieldChange{{Label: "Title", After: "New"}, {Label: "On", After: "no"}}},
		"an end":    {table{"title": "Old"}, nil, nil, []pages.FieldChange{{Label: "Title", Before: "Old"}}},
		"of no form": {table{"odd_name": "1"}, table{"odd_name": []any{"1", "2"}}, nil,
			[]pages.FieldChange{{Label: "odd name", Before: "1", After: "1, 2"}}},
	} {
		got := pages.Comparison{Fields: fields, Language: "en", Secrets: c.secrets}.Changes(c.before, c.after)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n%+v, want\n%+v", name, got, c.want)
		}
	}
}
