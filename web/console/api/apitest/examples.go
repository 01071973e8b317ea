package apitest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
)

// examples holds every example in the document against the schema that stands
// beside it.
func (c *contract) examples(t *testing.T) {
	t.Helper()
	found := 0
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for i, inner := range v {
				walk(fmt.Sprintf("%s/%d", at, i), inner)
			}
		case object:
			if example, ok := v["example"]; ok && v["schema"] != nil {
				found++
				plain, err := json.Marshal(example)
				if err == nil {
					err = c.validate(at+"/schema", plain)
				}
				if err != nil {
					t.Errorf("the example at %s: %v", at, err)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(at+"/"+escaped(name), v[name])
			}
		}
	}
	walk("/paths", c.doc["paths"])
	walk("/components", c.doc["components"])
	if found == 0 {
		t.Error("the document has no examples")
	}
}
