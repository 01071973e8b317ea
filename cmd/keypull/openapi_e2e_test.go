package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

// decoded returns a JSON object.
func decoded(t *testing.T, raw []byte) object {
	t.Helper()
	var v object
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// ofThen returns how the API described itself in version 0.3.0, without its prose.
func ofThen(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/openapi-0.3.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAClientOfAnEarlierAPIFindsAllItReliesOn(t *testing.T) {
	s := serveConsole(t)
	got := request(t, http.MethodGet, s.URL+"/api/v1/openapi.json", "", nil)
	if got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, problem := range broken(decoded(t, ofThen(t)), decoded(t, []byte(got.body))) {
		t.Error(problem)
	}
}

func TestWhatWouldBreakAClientIsFound(t *testing.T) {
	then := string(ofThen(t))
	for name, change := range map[string]func(doc object){
		"a path is gone":   func(doc object) { delete(tableOf(doc, "paths"), "/me") },
		"a method is gone": func(doc object) { delete(tableOf(tableOf(doc, "paths"), "/me"), "put") },
		"a field is gone":  func(doc object) { delete(tableOf(schemaOf(doc, "SourceEntry"), "properties"), "health") },
		"a field is a text": func(doc object) {
			tableOf(tableOf(schemaOf(doc, "SourceEntry"), "properties"), "keywords")["type"] = "string"
		},
		"a field may be missing": func(doc object) {
			schemaOf(doc, "SourceEntry")["required"] = []any{}
		},
		"a parameter is demanded": func(doc object) {
			get := tableOf(tableOf(tableOf(doc, "paths"), "/publishers"), "get")
			get["parameters"] = append(listOf(get, "parameters"), object{"in": "query", "name": "new", "required": true})
		},
		"a status is gone": func(doc object) {
			delete(tableOf(tableOf(tableOf(tableOf(doc, "paths"), "/publishers"), "post"), "responses"), "201")
		},
		"a limit is tighter": func(doc object) {
			for _, p := range entriesOf(tableOf(tableOf(tableOf(doc, "paths"), "/publishers"), "get"), "parameters") {
				if textOf(p, "name") == "limit" {
					tableOf(p, "schema")["maximum"] = 7.0
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			changed := decoded(t, []byte(then))
			if problems := broken(decoded(t, []byte(then)), changed); len(problems) > 0 {
				t.Fatalf("the same: %s", strings.Join(problems, "\n"))
			}
			change(changed)
			if len(broken(decoded(t, []byte(then)), changed)) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

func schemaOf(doc object, name string) object {
	return tableOf(tableOf(tableOf(doc, "components"), "schemas"), name)
}
