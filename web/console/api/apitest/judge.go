package apitest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// judge holds an answer against the document.
func (c *contract) judge(t *rapid.T, q *request, s spoil, r *reply) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s\n(%s) was answered %d %v %s\n"+format, append([]any{q, s.name, r.status, r.header, r.body}, args...)...)
	}
	if r.status >= http.StatusInternalServerError && r.status != http.StatusServiceUnavailable {
		fail("that is a failure of the server")
	}
	if len(s.want) > 0 && !slices.Contains(s.want, r.status) {
		fail("that should be one of %v", s.want)
	}
	if slices.Contains(s.never, r.status) {
		fail("nothing was wrong with it")
	}
	if r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Cache-Control") == "" {
		fail("the answer may be sniffed or kept")
	}
	if r.status == http.StatusMethodNotAllowed && q.method != q.op.method {
		c.method(q, r, fail)
		return
	}
	said, at := c.response(q.op, r.status)
	if said == nil {
		fail("the document does not have this status")
	}
	for name, h := range table(said["headers"]) {
		if table(h)["required"] == true && r.header.Get(name) == "" {
			fail("the header %s is missing", name)
		}
	}
	c.content(q, r, said, at, fail)
}

// method judges what an address says of a method that it has not.
func (c *contract) method(q *request, r *reply, fail func(string, ...any)) {
	for _, method := range q.op.methods {
		if !strings.Contains(r.header.Get("Allow"), strings.ToUpper(method)) {
			fail("Allow does not name %s", method)
		}
	}
	if err := c.validate("/components/schemas/Problem", r.body); err != nil {
		fail("%v", err)
	}
}

func (c *contract) content(q *request, r *reply, said object, at string, fail func(string, ...any)) {
	content := table(said["content"])
	// What a document says of a type is the type, without its parameters.
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if len(content) == 0 {
		if len(r.body) > 0 {
			fail("the document has no body for this status")
		}
		return
	}
	if _, ok := content[kind]; !ok {
		fail("the document does not have the content type %q for this status", kind)
	}
	if q.method == http.MethodHead {
		if len(r.body) > 0 {
			fail("HEAD has no body")
		}
		return
	}
	if !strings.HasSuffix(kind, "json") {
		return // the schema is that of a text
	}
	if err := c.validate(at+"/content/"+escaped(kind)+"/schema", r.body); err != nil {
		fail("%v", err)
	}
	var problem struct{ Status int }
	if kind == "application/problem+json" {
		if err := json.Unmarshal(r.body, &problem); err != nil || problem.Status != r.status {
			fail("the problem tells another status: %v", err)
		}
	}
}
