package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/api"
	"keypull/web/console/api/apitest"
)

// description returns the document that the API of these tests serves.
func description(t *testing.T) []byte {
	t.Helper()
	w := ask(newAPI(t, newBoard()), http.MethodGet, "/api/v1/openapi.json", "", "Authorization", "")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	return w.Body.Bytes()
}

// whole returns the document of all that the console has.
func whole(t *testing.T) []byte {
	t.Helper()
	kinds := kindsOf()
	schemas, err := api.Schemas(kinds)
	if err != nil {
		t.Fatal(err)
	}
	staff := &accounts.Staff{Gate: &accounts.Gate{}}
	all := append(console.Publishing{Kinds: kinds}.Operations(), staff.Operations()...)
	all = append(all, console.AskRunner{}.Operation(), console.BackupOperation(nil), console.KeysOperation(nil), console.HalvesOperation(nil))
	h, err := api.New(api.Options{Console: console.New(console.Options{}, all...), Schemas: schemas, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	// Nothing but the examples is looked at: nothing stands behind these.
	apitest.Walk(t, apitest.Options{URL: server.URL, Skip: func(string) bool { return true }})
	return ask(h, http.MethodGet, "/api/v1/openapi.json", "").Body.Bytes()
}

// judge is a program for node that holds a document against the specification.
const judge = `
import { Validator } from "@seriousme/openapi-schema-validator";
import { readFileSync } from "node:fs";
const validator = new Validator();
const result = await validator.validate(JSON.parse(readFileSync(process.argv[2], "utf8")));
if (!result.valid) { console.log(JSON.stringify(result.errors, null, 1)); process.exit(1); }
console.log(validator.version);
`

func TestTheDescriptionIsOpenAPI(t *testing.T) {
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "cmd", "keypull", "testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@seriousme", "openapi-schema-validator", "package.json")); err != nil {
		t.Fatalf("the validator is missing: run npm ci in %s", dir)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the validator needs node")
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	for _, tt := range []struct {
		want string
		doc  []byte
	}{
		{"3.1", description(t)}, {"3.1", whole(t)}, {"", []byte(`{"openapi":"3.1.0","info":{"title":"x"},"paths":{"a":{}}}`)},
	} {
		if err := os.WriteFile(file, tt.doc, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-", file) //nolint:gosec // the program stands in this file
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(judge)
		out, err := cmd.CombinedOutput()
		if good := tt.want != ""; good != (err == nil) || good && strings.TrimSpace(string(out)) != tt.want {
			t.Errorf("the validator says %v: %s", err, out)
		}
	}
}

func TestTheDescriptionIsAlwaysTheSame(t *testing.T) {
	first := description(t)
	for range 5 {
		if !bytes.Equal(first, description(t)) {
			t.Fatal("two descriptions differ")
		}
	}
}

type described struct {
	OperationID string `json:"operationId"`
	Summary     string
	Parameters  []struct{ Name, In string }
	RequestBody *struct{ Required bool }
	Responses   map[string]any
}

func TestEveryOperationWithAPathIsDescribedAndNoOther(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]described
	}
	if err := json.Unmarshal(description(t), &doc); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			got = append(got, strings.ToUpper(method)+" "+path+" "+op.OperationID)
			if op.Summary == "" {
				t.Errorf("%s has no summary", op.OperationID)
			}
		}
	}
	for _, op := range newBoard().operations() {
		if op.Path != "" {
			want = append(want, op.Method+" "+op.Path+" "+op.Name)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, tt := range []struct {
		op       described
		params   string
		body     string
		statuses string
	}{
		{doc.Paths["/publishers/{publisher}/notes"]["get"], "publisher path, cursor query, limit query, q query, state query, wide query",
			"", "200 400 401 403 404 413 415 422 429 431 500 503"},
		{doc.Paths["/publishers/{publisher}/notes"]["post"], "publisher path,  ", "required", "201 400 401 403 404 409 413 415 422 429 431 500 503"},
		{doc.Paths["/publishers/{publisher}/notes/{note}"]["get"], "publisher path, note path, If-None-Match header",
			"", "200 304 400 401 403 404 413 415 422 429 431 500 503"},
		{doc.Paths["/publishers/{publisher}/notes/{note}"]["delete"], "publisher path, note path, If-Match header,  ",
			"", "204 400 401 403 404 409 412 413 415 422 428 429 431 500 503"},
	} {
		var params, statuses []string
		for _, p := range tt.op.Parameters {
			params = append(params, p.Name+" "+p.In)
		}
		for status := range tt.op.Responses {
			statuses = append(statuses, status)
		}
		slices.Sort(statuses)
		if strings.Join(params, ", ") != tt.params || strings.Join(statuses, " ") != tt.statuses {
			t.Errorf("%s has parameters %q and answers %q", tt.op.OperationID, params, statuses)
		}
		if body := tt.op.RequestBody; (body != nil && body.Required) != (tt.body == "required") {
			t.Errorf("%s has the body %+v", tt.op.OperationID, body)
		}
	}
}

// schemaOf compiles a document's schema.
func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	all, err := api.Schemas(kindsOf())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(all[name])
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("s.json")
}

func TestADocumentHasTheSettingsOfItsKind(t *testing.T) {
	for _, tt := range []struct {
		name, schema, doc string
		good              bool
	}{
		{"a feed", "source", `{"id":"a","kind":"feed","settings":{"url":"https://e.org"}}`, true},
		{"a feed that has no id yet", "source", `{"kind":"feed","settings":{"url":"https://e.org"}}`, true},
		{"masked secrets", "source", `{"kind":"feed","settings":{"url":"https://e.org","token":"` + settings.Mask +
			`","headers":{"a":"` + settings.Mask + `"},"rows":[{"id":"a","pin":"` + settings.Mask + `"}]}}`, true},
		{"a feed without what it needs", "source", `{"kind":"feed","settings":{}}`, false},
		{"a feed without settings", "source", `{"kind":"feed"}`, false},
		{"a feed with settings of a text", "source", `{"kind":"feed","settings":{"url":"https://e.org","words":["a"]}}`, false},
		{"a text without settings", "source", `{"kind":"text"}`, true},
		{"a kind that is not there", "source", `{"kind":"radio","settings":{}}`, false},
		{"an unknown field", "source", `{"kind":"text","more":1}`, false},
		{"an id that is none", "source", `{"id":"A B","kind":"text"}`, false},
		{"a channel", "channel", `{"kind":"chat","settings":{"words":["a"]}}`, true},
		{"a publisher", "publisher", `{"name":"N","languages":["en"],"time_zone":"UTC"}`, true},
		{"a publisher with its keywords", "publisher", `{"name":"N","languages":["en"],"time_zone":"UTC","keyword":[]}`, false},
		{"a keyword", "keyword", `{"source":"a","phrases":{"en":["b"]},"template":{"":"c"}}`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			if err := schemaOf(t, tt.schema).Validate(v); (err == nil) != tt.good {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestADescriptionSaysWhoMayAndHidesNothingThatIsAnswered(t *testing.T) {
	plain := string(description(t))
	for _, want := range []string{`"description":"For editors."`, `"bearer"`, `"https://news.example/api/v1"`, `#/components/schemas/SourceDocument`} {
		if !strings.Contains(plain, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if strings.Contains(plain, "writeOnly") {
		t.Error("a masked secret may not be answered")
	}
	if _, err := api.Schemas(console.Kinds{Sources: []console.Kind{{Name: "odd", New: func() any { return 1 }}}}); err == nil {
		t.Error("a kind without settings has a schema")
	}
}
