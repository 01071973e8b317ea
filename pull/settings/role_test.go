package settings_test

import (
	"slices"
	"strings"
	"testing"

	"keypull/pull/settings"
)

type called struct {
	Pages []string        `name:"pages" label:"Pages" help:"Where they are." is:"address"`
	Index string          `name:"index" label:"Index" help:"Where it is." check:"url" is:"address"`
	Key   settings.Secret `name:"key" label:"Key" help:"Opens it." is:"title"`
	Named string          `name:"named" label:"Named" help:"What it is called." is:"title"`
}

func TestFieldsAreFoundByWhatTheyAre(t *testing.T) {
	fields, err := settings.Fields(&called{})
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := settings.First(fields, settings.Address); !ok || f.Name != "pages" {
		t.Errorf("%+v", f)
	}
	if f, ok := settings.First(fields, settings.Consent); ok {
		t.Errorf("%+v", f)
	}
	values := map[string]any{"pages": []any{"a", "b"}, "index": "c", "key": settings.Mask, "named": "d"}
	for role, want := range map[settings.Role][]string{settings.Address: {"a", "c"}, settings.Title: {"d"}, settings.Code: nil} {
		if got := settings.Told(fields, values, role); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", role, got, want)
		}
	}
	if got := settings.Told(fields, map[string]any{"pages": []any{}, "index": 1}, settings.Address); got != nil {
		t.Errorf("%v", got)
	}
}

func TestARoleThatIsNoneIsAMistakeOfTheStruct(t *testing.T) {
	type wrong struct {
		Name string `name:"name" label:"Name" help:"A name." is:"name"`
	}
	if _, err := settings.Fields(&wrong{}); err == nil || !strings.Contains(err.Error(), `is:"name"`) {
		t.Error(err)
	}
}
