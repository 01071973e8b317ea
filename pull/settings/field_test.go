package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/settings"
)

func TestFieldsListsTheStructInItsOrder(t *testing.T) {
	fields, err := settings.Fields(newSample())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range fields {
		got = append(got, f.Name+" "+string(f.Type))
	}
	want := []string{
		"id text", "url url", "names lines", "items number", "small number", "deep toggle", "mode choice",
		"token secret", "dsn text", "since time", "headers pairs", "fields pairs", "phrases lists",
		"template localised", "extra raw", "answers rows", "server section", "max_age duration",
		"deadline duration", "zone text", "nets lines", "refresh text",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFieldsTellDefaultsButNoSecret(t *testing.T) {
	fields, err := settings.Fields(newSample())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, f := range fields {
		if f.Default != nil {
			got[f.Name] = f.Default
		}
	}
	want := map[string]any{"items": int64(3), "small": uint64(0), "deep": false, "mode": "fast", "deadline": "4s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFieldsRefusesAStructThatCanNotBeAsked(t *testing.T) {
	type loop struct {
		Rows []struct {
			Rows []struct {
				Rows []struct {
					F float64 `name:"f"`
				} `name:"rows"`
			} `name:"rows"`
		} `name:"rows"`
	}
	tests := []struct {
		name string
		v    any
		want string
	}{
		{"a struct that is no pointer", sample{}, "not a pointer"},
		{"a nil pointer", (*sample)(nil), "not a pointer"},
		{"nothing", nil, "not a pointer"},
		{"a float", &struct {
			F float64 `name:"f"`
		}{}, "float64 is none of the types"},
		{"a channel", &struct {
			C chan int `name:"c"`
		}{}, "chan int is none of the types"},
		{"a float deep in rows", &loop{}, "float64 is none of the types"},
		{"an exported field without name", &struct{ F string }{}, "needs a name tag"},
		{"two fields of one name", &struct {
			A, B string `name:"x"`
		}{}, `a second field is named "x"`},
		{"a bound that is no number", &struct {
			A string `name:"a" check:"min=x"`
		}{}, "bound"},
		{"a bound on a toggle", &struct {
			A bool `name:"a" check:"min=1"`
		}{}, "mean nothing"},
		{"a text check on a number", &struct {
			A int `name:"a" check:"url"`
		}{}, "is for texts"},
		{"keys on a text", &struct {
			A string `name:"a" check:"keys=id"`
		}{}, "for maps"},
		{"a secret number", &struct {
			A int `name:"a" secret:"true"`
		}{}, "can't be secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := settings.Fields(tt.v)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

type endless struct {
	Rows []endless `name:"rows"`
}

func TestFieldsRefusesRowsThatHoldThemselves(t *testing.T) {
	if _, err := settings.Fields(&endless{}); err == nil {
		t.Error("got no error")
	}
}
