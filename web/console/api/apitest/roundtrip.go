package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// roundTrips writes what is read back as it was read, wherever a path can be
// read and replaced: by the version in the body, by If-Match, by both. That must
// be taken, and change nothing.
func (c *contract) roundTrips(t *testing.T) {
	for _, put := range c.operations {
		if put.method != http.MethodPut || !slices.Contains(put.methods, "get") || c.Skip != nil && c.Skip(put.id) {
			continue
		}
		t.Run(put.id, func(t *testing.T) {
			for _, place := range c.places(put) {
				c.roundTrip(t, put, place)
			}
		})
	}
}

// places returns the addresses of a path by all ids that are known to exist.
func (c *contract) places(op operation) []string {
	all := []string{op.path}
	for _, p := range op.parameters {
		if p["in"] != "path" {
			continue
		}
		var next []string
		for _, at := range all {
			for _, id := range c.Values[text(p["name"])] {
				next = append(next, strings.ReplaceAll(at, "{"+text(p["name"])+"}", url.PathEscape(id)))
			}
		}
		all = next
	}
	return all
}

func (c *contract) roundTrip(t *testing.T, put operation, place string) {
	t.Helper()
	for _, guard := range []string{"If-Match", "version", "both"} {
		before := c.exchange(t, http.MethodGet, place, "", nil)
		if before.status != http.StatusOK {
			return
		}
		tag, body := before.header.Get("Etag"), before.body
		if guard == "If-Match" {
			body = without(t, body, "version")
		}
		if guard == "version" {
			tag = ""
		}
		after := c.exchange(t, http.MethodPut, place, tag, body)
		if after.status == http.StatusForbidden {
			return
		}
		if after.status != http.StatusOK {
			t.Fatalf("%s was read as %s and refused when it was written back by %s: %d %s", place, before.body, guard, after.status, after.body)
		}
		again := c.exchange(t, http.MethodGet, place, "", nil)
		if again.header.Get("Etag") != before.header.Get("Etag") {
			t.Errorf("%s was written back by %s as it was read, and has another version", place, guard)
		}
		for name, p := range table(put.body["properties"]) {
			if table(p)["readOnly"] != true && !reflect.DeepEqual(fields(t, before.body)[name], fields(t, again.body)[name]) {
				t.Errorf("%s was written back by %s as it was read, and its %s has changed from %s to %s", place, guard, name, before.body, again.body)
			}
		}
	}
}

func (c *contract) exchange(t *testing.T, method, place, tag string, body []byte) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, c.base+place, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if tag != "" {
		req.Header.Set("If-Match", tag)
	}
	res, err := c.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{status: res.StatusCode, header: res.Header, body: read}
}

func fields(t *testing.T, body []byte) object {
	t.Helper()
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// without returns a body that lacks a field.
func without(t *testing.T, body []byte, name string) []byte {
	t.Helper()
	o := maps.Clone(fields(t, body))
	delete(o, name)
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
