package api_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

func record(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestARepeatedRequestIsAnsweredAsBefore(t *testing.T) {
	const body = `{"source":{"kind":"feed"}}`
	b := newBoard()
	h := newAPI(t, b)
	first := ask(h, "POST", notesPath, body, "Idempotency-Key", "k")
	second := ask(h, "POST", notesPath, body, "Idempotency-Key", "k")
	if first.Code != 201 || second.Code != 201 || first.Body.String() != second.Body.String() || b.made != 1 {
		t.Fatalf("%d %s, then %d %s; %d made", first.Code, first.Body, second.Code, second.Body, b.made)
	}
	if first.Header().Get("Idempotency-Replayed") != "" || second.Header().Get("Idempotency-Replayed") != "true" ||
		second.Header().Get("ETag") != first.Header().Get("ETag") || second.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%v, then %v", first.Header(), second.Header())
	}
	for _, tt := range []struct {
		name, target, body string
		headers            []string
		want               int
		made               int
	}{
		{"another body", notesPath, `{"source":{"kind":"text"}}`, []string{"Idempotency-Key", "k"}, 422, 1},
		{"another query", notesPath + "?", body, []string{"Idempotency-Key", "k"}, 201, 1},
		{"another key", notesPath, body, []string{"Idempotency-Key", "l"}, 201, 2},
		{"another address", "/api/v1/publishers/other/notes", body, []string{"Idempotency-Key", "k"}, 201, 3},
		{"another token", notesPath, body, []string{"Idempotency-Key", "k", "Authorization", "Bearer editor"}, 201, 4},
	} {
		w := ask(h, "POST", tt.target, tt.body, tt.headers...)
		if w.Code != tt.want || b.made != tt.made {
			t.Errorf("%s: %d %s, %d made", tt.name, w.Code, w.Body, b.made)
		}
	}
}

func TestARefusalIsRepeatedAndAFailureIsTriedAgain(t *testing.T) {
	var err error = &pull.Error{Kind: pull.Conflict, Hint: words.Verbatim("in use")}
	times := 0
	fails := declare("note.fail", http.MethodPost, "/fail", console.Read, func(context.Context, struct{}) (console.None, error) {
		times++
		return console.None{}, err
	})
	h := newAPI(t, newBoard(), fails)
	for range 2 {
		if w := ask(h, "POST", "/api/v1/fail", "", "Idempotency-Key", "a"); w.Code != 409 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if times != 1 {
		t.Errorf("a refusal was asked for %d times", times)
	}
	for i, again := range []error{
		&pull.Error{Kind: pull.Unavailable}, &pull.Error{Kind: pull.Limited}, context.DeadlineExceeded, nil, nil,
	} {
		err = again
		w := ask(h, "POST", "/api/v1/fail", "", "Idempotency-Key", "b")
		if want := []int{503, 429, 500, 204, 204}[i]; w.Code != want {
			t.Errorf("try %d: %d, want %d", i, w.Code, want)
		}
	}
	if times != 5 {
		t.Errorf("carried out %d times, want 5", times)
	}
}

func TestOnlyOneOfManyAtOnceIsCarriedOut(t *testing.T) {
	b := newBoard()
	b.gate = make(chan struct{})
	h := newAPI(t, b)
	codes, waits := make(chan int, 8), make(chan string, 8)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			w := ask(h, "POST", notesPath, `{"source":{"kind":"feed"}}`, "Idempotency-Key", "k")
			codes <- w.Code
			waits <- w.Header().Get("Retry-After")
		})
	}
	for range 7 {
		if code, after := <-codes, <-waits; code != 409 || after == "" {
			t.Errorf("%d, Retry-After %q", code, after)
		}
	}
	close(b.gate)
	all.Wait()
	if code := <-codes; code != 201 || b.made != 1 {
		t.Errorf("%d, %d made", code, b.made)
	}
}

func TestAPanicLeavesTheKeyFree(t *testing.T) {
	panics := true
	odd := declare("note.panic", http.MethodPost, "/panic", console.Read, func(context.Context, struct{}) (made, error) {
		if panics {
			panic("once")
		}
		return made{}, nil
	})
	h := newAPI(t, newBoard(), odd)
	func() {
		defer func() { _ = recover() }()
		ask(h, "POST", "/api/v1/panic", "", "Idempotency-Key", "k")
	}()
	panics = false
	if w := ask(h, "POST", "/api/v1/panic", "", "Idempotency-Key", "k"); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWhatIsShownOnceIsNotKeptInClear(t *testing.T) {
	s := &snapshots{answers: map[string]people.Response{}}
	h := newAPI(t, newBoard())
	h.Answered = s
	first := ask(h, "POST", "/api/v1/tokens", "", "Idempotency-Key", "k")
	if again := ask(h, "POST", "/api/v1/tokens", "", "Idempotency-Key", "k"); again.Body.String() != first.Body.String() ||
		!strings.Contains(first.Body.String(), "kp_shown_once_1") {
		t.Fatalf("%s, then %s", first.Body, again.Body)
	}
	if len(s.answers) != 1 {
		t.Fatalf("%d answers are kept", len(s.answers))
	}
	for key, a := range s.answers {
		if bytes.Contains(a.Body, []byte("kp_shown")) || strings.Contains(key, "k_") || len(a.Body) == 0 {
			t.Errorf("%s keeps %q", key, a.Body)
		}
		// Nobody else can open it either.
		a.Body = append([]byte{a.Body[0] ^ 1}, a.Body[1:]...)
		s.answers[key] = a
	}
	if w := ask(h, "POST", "/api/v1/tokens", "", "Idempotency-Key", "k"); w.Code != 409 {
		t.Errorf("an answer that can't be opened: %d %s", w.Code, w.Body)
	}
}

func TestAnAnswerThatIsTooLongIsNotCarriedOutAgain(t *testing.T) {
	times := 0
	long := declare("note.long", http.MethodPost, "/long", console.Read, func(context.Context, struct{}) (made, error) {
		times++
		return made{strings.Repeat("x", 1<<20)}, nil
	})
	h := newAPI(t, newBoard(), long)
	if w := ask(h, "POST", "/api/v1/long", "", "Idempotency-Key", "k"); w.Code != 200 {
		t.Fatalf("%d", w.Code)
	}
	if w := ask(h, "POST", "/api/v1/long", "", "Idempotency-Key", "k"); w.Code != 409 || times != 1 {
		t.Errorf("%d %s; carried out %d times", w.Code, w.Body, times)
	}
}
