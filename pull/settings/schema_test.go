package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"keypull/pull/settings"
)

// accepts judges a value by the parts of JSON schema that Schema writes.
func accepts(schema map[string]any, value any) bool {
	if choices, ok := schema["enum"].([]any); ok && !slices.Contains(choices, value) {
		return false
	}
	switch schema["type"] {
	case "string":
		s, ok := value.(string)
		pattern, _ := schema["pattern"].(string)
		return ok && regexp.MustCompile(pattern).MatchString(s) && within(schema, "Length", utf8.RuneCountInString(s))
	case "boolean":
		_, ok := value.(bool)
		return ok
	case "integer":
		n, ok := value.(float64)
		low, lowest := schema["minimum"].(float64)
		high, highest := schema["maximum"].(float64)
		return ok && n == float64(int64(n)) && (!lowest || n >= low) && (!highest || n <= high)
	case "array":
		l, ok := value.([]any)
		items, _ := schema["items"].(map[string]any)
		return ok && within(schema, "Items", len(l)) && !slices.ContainsFunc(l, func(v any) bool { return !accepts(items, v) })
	}
	return acceptsObject(schema, value)
}

func within(schema map[string]any, what string, n int) bool {
	low, lowest := schema["min"+what].(float64)
	high, highest := schema["max"+what].(float64)
	return (!lowest || float64(n) >= low) && (!highest || float64(n) <= high)
}

func acceptsObject(schema map[string]any, value any) bool {
	values, ok := value.(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if s, _ := name.(string); values[s] == nil {
			return false
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, v := range values {
		inner, known := properties[name].(map[string]any)
		if !known || !accepts(inner, v) {
			return false
		}
	}
	return ok
}

type simple struct {
	Text   string   `name:"text" check:"required,max=5"`
	Number int      `name:"number" check:"min=-3,max=12"`
	Toggle bool     `name:"toggle"`
	Choice string   `name:"choice" choices:"a,b"`
	Lines  []string `name:"lines" check:"max=2"`
	Rows   []struct {
		Text string `name:"text" check:"required"`
	} `name:"rows" check:"max=2"`
}

func throughJSON(t *rapid.T, v any) map[string]any {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func anyValue() *rapid.Generator[any] {
	text := rapid.StringN(0, 7, -1)
	row := rapid.MapOfN(rapid.SampledFrom([]string{"text", "txt"}), text, 0, 2)
	return rapid.OneOf(
		text.AsAny(), rapid.IntRange(-5, 15).AsAny(), rapid.Bool().AsAny(), rapid.SampledFrom([]string{"a", "b", "c"}).AsAny(),
		rapid.SliceOfN(text, 0, 3).AsAny(), rapid.SliceOfN(row, 0, 3).AsAny(), rapid.Just(any(1.5)),
	)
}

func TestSchemaAndFillAgree(t *testing.T) {
	written, err := settings.Schema(&simple{})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"text", "number", "toggle", "choice", "lines", "rows", "other"}
	rapid.Check(t, func(t *rapid.T) {
		schema := throughJSON(t, written)
		values := map[string]any{}
		if rapid.Bool().Draw(t, "good text") {
			values["text"] = "ok"
		}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 2).Draw(t, "names") {
			values[name] = anyValue().Draw(t, name)
		}
		values = throughJSON(t, values)
		err := settings.Fill(&simple{}, values)
		if zero(values) {
			return
		}
		if accepts(schema, values) != (err == nil) {
			t.Errorf("schema accepts: %v, Fill: %v, values: %v", accepts(schema, values), err, values)
		}
	})
}

// zero says whether a text holds a zero byte, which no schema forbids.
func zero(v any) bool { return regexp.MustCompile(`\x00`).MatchString(fmt.Sprint(v)) }

func TestValuesFillANewStructEqually(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]any{"id": "a"}
		for name, g := range map[string]*rapid.Generator[any]{
			"items": rapid.IntRange(1, 10).AsAny(), "deep": rapid.Bool().AsAny(), "token": rapid.SampledFrom([]string{"", "x"}).AsAny(),
			"max_age": rapid.SampledFrom([]string{"0s", "1h"}).AsAny(), "names": rapid.SliceOfN(rapid.StringMatching("[a-z]*"), 0, 3).AsAny(),
			"fields":  rapid.MapOf(rapid.StringMatching("[a-z]+"), rapid.StringMatching("[a-z]*")).AsAny(),
			"since":   rapid.Just(any("2026-12-24T18:00:00.5+01:00")),
			"answers": rapid.SliceOfN(rapid.Just(map[string]any{"text": "a", "count": 2}), 0, 2).AsAny(),
		} {
			if rapid.Bool().Draw(t, "with "+name) {
				values[name] = g.Draw(t, name)
			}
		}
		first, second := newSample(), newSample()
		if err := settings.Fill(first, values); err != nil {
			t.Fatal(err)
		}
		again, err := settings.Values(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := settings.Fill(second, again); err != nil {
			t.Fatalf("%v is refused: %v", again, err)
		}
		if diff := cmp.Diff(first, second, cmp.AllowUnexported(sample{}), cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}

func FuzzFill(f *testing.F) {
	f.Add([]byte(`{"id":"a","url":"https://example.org","answers":[{"text":"x"}],"max_age":"7d","items":3}`))
	f.Add([]byte(`{"phrases":{"en":["a",1]},"template":{"fr":null},"since":"x","headers":[],"small":1e300,"nets":["::/0"]}`))
	f.Add([]byte(`{"id":"a","answers":[null,{"tags":[null]}],"names":[null],"phrases":{"":[null]},"server":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var values map[string]any
		if json.Unmarshal(text, &values) != nil {
			return
		}
		s := newSample()
		err := settings.Fill(s, values)
		if err == nil {
			return
		}
		var problems settings.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("got %v, want Problems", err)
		}
		for _, p := range problems {
			if p.Key == "" || p.Message == "" {
				t.Errorf("a problem without words: %+v", p)
			}
		}
		if diff := cmp.Diff(newSample(), s, cmp.AllowUnexported(sample{})); diff != "" {
			t.Errorf("the struct changed in spite of problems:\n%s", diff)
		}
	})
}
