// Package apitest walks through an HTTP API by its OpenAPI document alone: it
// makes random requests, good ones and bad ones, and holds every answer against
// what the document says. It is for tests, knows nothing of the server, and
// leaves judging what an operation did to others.
package apitest

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// DocumentPath is where the document lies on the server.
const DocumentPath = "/api/v1/openapi.json"

// Options say where to walk.
type Options struct {
	// URL is the server's, without a slash at the end.
	URL string
	// Token may do whatever the walk is to reach.
	Token  string
	Client *http.Client
	// Values are those that exist of a parameter, by its name: beside random
	// ones they are tried often.
	Values map[string][]string
	// Skip leaves an operation out, by its id: what would end the walk, or ask
	// the outside. Nil leaves none out.
	Skip func(operation string) bool
}

// Walk holds the examples of the document against its schemas, writes back what
// is read wherever something can be read and replaced, and then makes as many
// requests for each operation as rapid makes checks. The test fails at a status of 500 or more other than 503, at a status, content
// type or body that the document does not have, and where a bad request is not
// refused as one.
func Walk(t *testing.T, o Options) {
	t.Helper()
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	c := load(t, o)
	if len(c.operations) == 0 {
		t.Fatal("the document has no operations")
	}
	t.Run("examples", c.examples)
	t.Run("round trips", c.roundTrips)
	for _, op := range c.operations {
		if o.Skip != nil && o.Skip(op.id) {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { c.step(t, op) })
		})
	}
}

// step makes one request and judges the answer.
func (c *contract) step(t *rapid.T, op operation) {
	q := c.draw(t, op)
	possible := slices.DeleteFunc(spoils(), func(s spoil) bool { return !s.fits(q) })
	s := possible[rapid.IntRange(0, len(possible)-1).Draw(t, "spoil")]
	s.apply(t, q)
	first := c.send(t, q)
	c.judge(t, q, s, first)
	if s.again {
		second := c.send(t, q)
		c.judge(t, q, s, second)
		same(t, q, first, second)
	}
}

// same holds the answer to a repeated request against the first.
func same(t *rapid.T, q *request, first, second *reply) {
	t.Helper()
	if first.status >= http.StatusInternalServerError || first.status == http.StatusTooManyRequests {
		return
	}
	replayed := second.header.Get("Idempotency-Replayed") != ""
	// What was refused before anything was carried out is refused anew.
	if first.status < http.StatusBadRequest && !replayed {
		t.Fatalf("%s\nwas carried out twice in spite of its Idempotency-Key: %d, then %d", q, first.status, second.status)
	}
	if replayed && (first.status != second.status || !bytes.Equal(first.body, second.body)) {
		t.Fatalf("%s\nwas answered %d %s, and repeated %d %s", q, first.status, first.body, second.status, second.body)
	}
}
