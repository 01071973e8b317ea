package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

type object = map[string]any

// contract is what a document says.
type contract struct {
	Options
	doc        object
	base       string
	operations []operation
	compiler   *jsonschema.Compiler
}

// operation is one method of one path.
type operation struct {
	id, method, path string
	parameters       []object
	// body is its schema; nil if there is no body.
	body         object
	bodyRequired bool
	// methods are all that the path takes.
	methods []string
	spec    object
	pointer string
}

// load reads the document, which anybody may read.
func load(t *testing.T, o Options) *contract {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.URL+DocumentPath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := o.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var doc object
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the document: status %d, %v", res.StatusCode, err)
	}
	c := &contract{Options: o, doc: doc, compiler: jsonschema.NewCompiler()}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.compiler.AssertFormat()
	whole, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.compiler.AddResource("doc.json", parsed); err != nil {
		t.Fatal(err)
	}
	c.base = o.URL + c.prefix(t)
	c.read()
	return c
}

// prefix returns the path of the first server.
func (c *contract) prefix(t *testing.T) string {
	t.Helper()
	servers := list(c.doc["servers"])
	if len(servers) == 0 {
		return ""
	}
	u, err := url.Parse(text(table(servers[0])["url"]))
	if err != nil {
		t.Fatalf("the address of the server: %v", err)
	}
	return strings.TrimSuffix(u.Path, "/")
}

// read lists the operations.
func (c *contract) read() {
	paths := table(c.doc["paths"])
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := table(paths[path])
		methods := slices.Sorted(maps.Keys(item))
		for _, method := range methods {
			spec := table(item[method])
			op := operation{
				id: text(spec["operationId"]), method: strings.ToUpper(method), path: path, spec: spec, methods: methods,
				pointer: "/paths/" + escaped(path) + "/" + method,
			}
			for _, p := range list(spec["parameters"]) {
				op.parameters = append(op.parameters, c.resolved(table(p)))
			}
			if body := c.resolved(table(spec["requestBody"])); body != nil {
				op.body = table(table(table(body["content"])["application/json"])["schema"])
				op.bodyRequired, _ = body["required"].(bool)
			}
			c.operations = append(c.operations, op)
		}
	}
}

// response finds what the document says of a status, and where it stands.
func (c *contract) response(op operation, status int) (object, string) {
	at := op.pointer + fmt.Sprintf("/responses/%d", status)
	r := table(table(op.spec["responses"])[fmt.Sprint(status)])
	if ref := text(r["$ref"]); ref != "" {
		return c.resolved(r), strings.TrimPrefix(ref, "#")
	}
	return r, at
}

// validate holds a body against the schema at a place of the document.
func (c *contract) validate(pointer string, body []byte) error {
	s, err := c.compiler.Compile("doc.json#" + (&url.URL{Fragment: pointer}).EscapedFragment())
	if err != nil {
		return fmt.Errorf("compile the schema at %s: %w", pointer, err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	if err := s.Validate(v); err != nil {
		return fmt.Errorf("hold it against the schema: %w", err)
	}
	return nil
}

// resolved follows references within the document.
func (c *contract) resolved(o object) object {
	for ref := text(o["$ref"]); ref != ""; ref = text(o["$ref"]) {
		var at any = c.doc
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			at = table(at)[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
		}
		o = table(at)
	}
	return o
}

func escaped(part string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(part)
}

func table(v any) object { o, _ := v.(object); return o }

func list(v any) []any { l, _ := v.([]any); return l }

func text(v any) string { s, _ := v.(string); return s }
