package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/sources"
)

// Bounds of what a snapshot may say to the editor.
const (
	maxWarnings = 100
	maxWarning  = 2000
	// slack is how far a clock may be off.
	slack = 2 * time.Minute
	// rounds is how often what must not grow is fetched.
	rounds = 12
	// replayed is how long after it was signed a push is one of long ago.
	replayed = time.Hour
	// maxParts bounds how many fetches an unfinished source may take.
	maxParts = 500
)

func asError(err error) (*pull.Error, bool) {
	var e *pull.Error
	return e, errors.As(err, &e)
}

// stands: what has not changed is the same in another process, a moment later,
// and however often it is fetched; what is fetched is not of the future; and an
// unfinished source comes to an end.
func (c Case) stands(t *testing.T) {
	r := c.start(t)
	r.upstream.by.Store(byNothing)
	first := r.whole(t)
	for _, at := range []time.Time{first.Fetched, first.AsOf} {
		if at.After(time.Now().Add(slack)) {
			t.Errorf("it was fetched at %v, as of %v: that is still to come", first.Fetched, first.AsOf)
		}
	}
	for _, it := range first.Items {
		if it.AsOf.After(time.Now().Add(slack)) {
			t.Errorf("%q is as of %v, which is still to come", it.ID, it.AsOf)
		}
	}
	last := first
	for range rounds {
		r.source = r.reopened(t)
		s, err := r.source.Fetch(t.Context(), r.key(t), &last)
		if err != nil {
			t.Fatal(err)
		}
		last = s
	}
	if want, got := frozen(t, ids(first.Items)), frozen(t, ids(last.Items)); got != want {
		t.Errorf("the ids were\n%s\nand are, of the same, now\n%s", want, got)
	}
	if len(last.Warnings) > len(first.Warnings)+1 || len(last.Extra) > 2*len(first.Extra)+1000 {
		t.Errorf("after %d fetches of the same, %d warnings became %d, and %d bytes of its own %d",
			rounds, len(first.Warnings), len(last.Warnings), len(first.Extra), len(last.Extra))
	}
	inspectWarnings(t, last)
}

func inspectWarnings(t *testing.T, s pull.Snapshot) {
	t.Helper()
	if len(s.Warnings) > maxWarnings {
		t.Errorf("there are %d warnings; at most %d are read by anybody", len(s.Warnings), maxWarnings)
	}
	for _, w := range s.Warnings {
		if w := w.String(); len(w) > maxWarning {
			t.Errorf("a warning of %d bytes: %.80q", len(w), w)
		}
	}
}

// whole fetches until the source says that it is finished.
func (r rig) whole(t *testing.T) pull.Snapshot {
	t.Helper()
	s := r.fetch(t)
	for n := 0; s.Unfinished; n++ {
		next, err := r.source.Fetch(t.Context(), r.key(t), &s)
		if err != nil {
			t.Fatal(err)
		}
		if n == maxParts || len(next.Items) < len(s.Items) {
			t.Fatalf("an unfinished source comes to no end: %d items, then %d", len(s.Items), len(next.Items))
		}
		s = next
	}
	return s
}

// counted: the requests that a fetch tells of are those that were sent.
func (c Case) counted(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	if n := int(r.upstream.requests.Load()); n != s.Requests {
		t.Errorf("%d requests were sent, and %d are counted", n, s.Requests)
	}
}

// patient: a fetch ends with its context also while upstream keeps it waiting.
func (c Case) patient(t *testing.T) {
	r := c.start(t)
	key := r.key(t)
	asked, over := make(chan struct{}, 100), make(chan struct{})
	t.Cleanup(func() { close(over) })
	r.upstream.turn(func(_ http.ResponseWriter, q *http.Request) {
		asked <- struct{}{}
		select {
		case <-q.Context().Done():
		case <-over:
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if _, err := r.source.Fetch(ctx, key, nil); err == nil {
		t.Error("a fetch succeeds that was given up while upstream was silent")
	}
}

// secretValues returns the secrets among the case's settings.
func (r rig) secretValues(t *testing.T) []string {
	t.Helper()
	var all []string
	_, err := settings.Secrets(r.Kind.New(), r.settings, func(_, text string) (string, error) {
		all = append(all, text)
		return text, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// discreet: no secret stands in what is kept, told or logged.
func (c Case) discreet(t *testing.T) {
	r := c.start(t)
	secrets := r.secretValues(t)
	told := []string{r.key(t), frozen(t, r.fetch(t))}
	for _, answer := range []http.HandlerFunc{
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		func(w http.ResponseWriter, q *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, q.URL, q.Header) //nolint:gosec // to the source under test alone
		},
	} {
		r.upstream.turn(answer)
		s, err := r.source.Fetch(t.Context(), r.key(t), nil)
		told = append(told, frozen(t, s))
		if err != nil {
			told = append(told, err.Error())
		}
	}
	told = append(told, r.log.String())
	for _, secret := range secrets {
		if i := slices.IndexFunc(told, func(text string) bool { return strings.Contains(text, secret) }); i >= 0 {
			t.Errorf("a secret of the settings stands in %s", told[i])
		}
	}
}

// downs: a source whose upstream is none of HTTP tells when it is gone, and
// passes off nothing old as new.
func (c Case) downs(t *testing.T) {
	if c.Base != "" {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(c.Base)); err != nil {
			t.Fatal(err)
		}
		c.Base = folder
	}
	r := c.start(t)
	last := r.fetch(t)
	if c.Down == nil {
		c.Down = withoutFiles
	}
	c.Down(t, r.env, r.settings)
	for _, last := range []*pull.Snapshot{nil, &last} {
		_, err := r.safely(t, r.key(t), last)
		told(t, err, pull.Unavailable, pull.Unusable, pull.Invalid)
	}
}

// withoutFiles takes away the copy of the folder that a source reads.
func withoutFiles(t *testing.T, env sources.Env, _ map[string]any) {
	t.Helper()
	if err := os.RemoveAll(env.Base); err != nil {
		t.Fatal(err)
	}
}
