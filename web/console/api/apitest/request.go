package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"pgregory.net/rapid"
)

// request is one that has been drawn, before and after it is spoiled.
type request struct {
	op     operation
	method string
	path   map[string]string
	query  url.Values
	// raw stands in the query beside the rest, as it is.
	raw    string
	header http.Header
	// body is nil where none is sent; bytes stand for one that is no JSON.
	body  object
	bytes []byte
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// draw makes a good request.
func (c *contract) draw(t *rapid.T, op operation) *request {
	q := &request{op: op, method: op.method, path: map[string]string{}, query: url.Values{}, header: http.Header{}}
	q.header.Set("Authorization", "Bearer "+c.Token)
	for _, p := range op.parameters {
		name, required := text(p["name"]), p["required"] == true
		if !required && rapid.IntRange(0, 2).Draw(t, "give "+name) > 0 {
			continue
		}
		value := c.parameter(t, name, text(p["in"]), table(p["schema"]))
		switch p["in"] {
		case "path":
			q.path[name] = value
		case "query":
			q.query.Set(name, value)
		case "header":
			q.header.Set(name, value)
		}
	}
	if op.body != nil && (op.bodyRequired || rapid.Bool().Draw(t, "give a body")) {
		q.body = table(c.value(t, op.body, deepest))
		q.header.Set("Content-Type", "application/json")
	}
	return q
}

// parameter draws a value as it is written in an address or header.
func (c *contract) parameter(t *rapid.T, name, place string, s object) string {
	if known := c.Values[name]; len(known) > 0 && rapid.IntRange(0, 4).Draw(t, "known "+name) > 0 {
		return rapid.SampledFrom(known).Draw(t, name)
	}
	s = c.resolved(s)
	if place == "header" && s["pattern"] == nil {
		return rapid.StringMatching(`[!-~]{1,20}`).Draw(t, name)
	}
	value := fmt.Sprint(c.value(t, s, 1))
	if place != "path" {
		return value
	}
	// Servers and proxies differ in what they make of an encoded slash, and
	// points alone lead to another address.
	value = strings.ReplaceAll(value, "/", "_")
	if strings.Trim(value, ".") == "" {
		value += "x"
	}
	return value
}

// content returns the body as it is sent.
func (q *request) content() []byte {
	if q.bytes != nil || q.body == nil {
		return q.bytes
	}
	b, err := json.Marshal(q.body)
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

func (q *request) address() string {
	address := q.op.path
	for name, value := range q.path {
		address = strings.ReplaceAll(address, "{"+name+"}", url.PathEscape(value))
	}
	if query := strings.Trim(q.query.Encode()+"&"+q.raw, "&"); query != "" {
		address += "?" + query
	}
	return address
}

// String returns the request as a failure shows it.
func (q *request) String() string {
	return fmt.Sprintf("%s: %s %s %v %q", q.op.id, q.method, q.address(), q.header, q.content())
}

func (c *contract) send(t *rapid.T, q *request) *reply {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), q.method, c.base+q.address(), bytes.NewReader(q.content()))
	if err != nil {
		t.Fatalf("%s\n%v", q, err)
	}
	req.Header = q.header.Clone()
	res, err := c.Client.Do(req)
	if err != nil {
		t.Fatalf("%s\n%v", q, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s\n%v", q, err)
	}
	return &reply{status: res.StatusCode, header: res.Header, body: body}
}
