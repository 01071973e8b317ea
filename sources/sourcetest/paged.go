package sourcetest

import (
	"context"
	"net/http"
	"testing"

	"keypull/pull"
)

// paged walks a vocabulary that comes by page: it ends, names nothing twice,
// leaves nothing out, and what it names can be asked for. One that upstream is
// asked for says so, and tells when it can't be had.
func (c Case) paged(t *testing.T) {
	r := c.start(t)
	source, ok := r.source.(pull.Paged)
	if !ok {
		return
	}
	r.upstream.asked()
	before := int(r.upstream.requests.Load())
	names, requests := r.walked(t, source)
	if c.Names > 0 && names != c.Names {
		t.Errorf("the pages of the vocabulary have %d entries, want %d", names, c.Names)
	}
	sent := int(r.upstream.requests.Load()) - before
	if sent != requests {
		t.Errorf("%d requests were sent for the vocabulary, and %d are counted", sent, requests)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if cancel(); sent == 0 {
		return
	}
	if _, err := source.TermsPage(ctx, ""); err == nil {
		t.Error("a page of the vocabulary comes though its context has ended")
	}
	for _, answer := range []http.HandlerFunc{
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		send("text/html", "<html>"),
	} {
		r.upstream.turn(answer)
		_, err := source.TermsPage(t.Context(), "")
		told(t, err, pull.Unavailable, pull.Unusable, pull.Denied, pull.Limited, pull.Unknown)
	}
}

// walked goes through all pages.
func (r rig) walked(t *testing.T, source pull.Paged) (names, requests int) {
	t.Helper()
	seen := map[string]bool{}
	for from, n := "", 0; ; n++ {
		page, err := source.TermsPage(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		if n > pull.MaxTerms || len(page.Terms) > pull.MaxPageTerms || len(page.Terms) == 0 && page.Next != "" {
			t.Fatalf("the vocabulary comes to no end: page %d has %d entries", n, len(page.Terms))
		}
		for _, term := range page.Terms {
			if term.Value == "" || seen[term.Value] {
				t.Fatalf("the term %q has no value, or comes once more", term.Value)
			}
			seen[term.Value] = true
			if _, err := r.source.Key(pull.Query{Argument: term.Value, Count: 1}); err != nil {
				t.Errorf("the term %q cannot be asked for: %v", term.Value, err)
			}
		}
		requests += page.Requests
		if from = page.Next; from == "" {
			return len(seen), requests
		}
	}
}
