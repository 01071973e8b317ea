package messengertest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Platform is the stand-in of a platform that can be told of an account's face,
// before anybody told it anything but what others have set up there. The suite
// calls one thing of it at a time.
type Platform struct {
	// Handler is its API. Changes tells requests that ask it to change something
	// from those that read.
	Handler http.Handler
	Changes func(*http.Request) bool
	// Kept is all that it keeps of the account, as text, and Others what stands
	// therein that is not ours.
	Kept   func() string
	Others string
	// Spoil changes or removes what we have set up, by the part of the Drift that
	// tells so.
	Spoil map[string]func()
	// Deny answers that the account's secret is not known; nil where a status
	// that is TokenInvalid says so.
	Deny http.HandlerFunc
}

// faceParts returns those that a drift may name.
func faceParts() []string {
	return []string{"webhook", "events", "profile", "greeting", "words", "commands", "menu"}
}

// front is the part of the suite about a messenger's face.
type front struct {
	Case
	logs *record
}

// fronts compares and puts right, at a platform of its own for each question.
func (c Case) fronts(t T, logs *record) {
	_, ok := c.open(t, "https://example.org", nil, logs).(messengers.ProfileSyncer)
	switch {
	case ok && c.Profile == nil:
		t.Errorf("a case of a messenger with a profile says by Profile how its platform stands")
	case ok:
		f := front{c, logs}
		t.Run("only where it may", f.mends)
		t.Run("puts right what others spoilt", f.spoilt)
		t.Run("follows what can be asked", f.follows)
		t.Run("takes any words", f.anything)
		t.Run("says what is wrong with the account", f.fails)
	}
}

// site is a platform that is being asked.
type site struct {
	Platform
	mu      sync.Mutex
	changes int
	answer  http.HandlerFunc
}

// ServeHTTP answers for the platform and counts what asks it to change.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	again := func() { r.Body = io.NopCloser(bytes.NewReader(body)) }
	again()
	if s.Changes(r) {
		s.changes++
	}
	again()
	if s.answer != nil {
		s.answer(w, r)
		return
	}
	s.Handler.ServeHTTP(w, r)
}

// done returns how many changes were asked for since the last call, and what is
// kept after them.
func (s *site) done() (changes int, kept string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changes, s.changes = s.changes, 0
	return changes, s.Kept()
}

func (s *site) spoil(part string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Spoil[part]()
}

func (f front) opened(t T, answer http.HandlerFunc) (*site, messengers.ProfileSyncer) {
	t.Helper()
	s := &site{Platform: f.Profile(), answer: answer}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	m, _ := f.open(t, server.URL, nil, f.logs).(messengers.ProfileSyncer)
	return s, m
}

// ask calls SyncProfile, and judges what it tells.
func (f front) ask(t T, m messengers.ProfileSyncer, face messengers.Profile, mend bool) []messengers.Drift {
	t.Helper()
	found, err := m.SyncProfile(background(t), face, mend)
	if err != nil {
		t.Fatalf("the platform answers, and the face fails: %v", err)
	}
	for _, d := range found {
		if !slices.Contains(faceParts(), d.Part) {
			t.Errorf("a drift is of the part %q, want one of %s", d.Part, strings.Join(faceParts(), ", "))
		}
		if d.Language != "" && !slices.Contains(face.Languages, d.Language) {
			t.Errorf("a drift is in the language %q, which the publisher does not have", d.Language)
		}
		if d.Has == d.Wants {
			t.Errorf("a drift of %s has what it wants: %q", d.Part, d.Has)
		}
		f.silent(t, d.Has+d.Wants)
	}
	return found
}

// mends: what is wrong is told and left alone, or told and put right once.
func (f front) mends(t T) {
	s, m := f.opened(t, nil)
	_, before := s.done()
	told := f.ask(t, m, face(), false)
	if changes, kept := s.done(); changes > 0 || kept != before {
		t.Errorf("it was to look, and has changed something: %s", kept)
	}
	if len(told) == 0 {
		t.Errorf("nothing is set up, and no drift is told")
	}
	if mended := f.ask(t, m, face(), true); !slices.Equal(told, mended) {
		t.Errorf("it tells %+v when it looks, and %+v when it puts right", told, mended)
	}
	_, kept := s.done()
	f.stands(t, s, kept)
	f.rests(t, s, m, face(), kept)
}

// rests: a second call has nothing to tell and nothing to change.
func (f front) rests(t T, s *site, m messengers.ProfileSyncer, face messengers.Profile, kept string) {
	t.Helper()
	if told := f.ask(t, m, face, true); len(told) > 0 {
		t.Errorf("all was put right, and it tells of a drift: %+v", told)
	}
	if changes, now := s.done(); changes > 0 || now != kept {
		t.Errorf("all was put right, and it changes something again (%d requests): %s", changes, now)
	}
}

// stands: the platform was told what it should know, and others' stays.
func (f front) stands(t T, s *site, kept string) {
	t.Helper()
	if !strings.Contains(kept, s.Others) {
		t.Errorf("what others have set up, %q, is gone: %s", s.Others, kept)
	}
	folded := strings.ToLower(kept)
	for part, want := range map[string]string{"webhook": hook, "words": "tiramisu", "commands": "tiramisu", "menu": "tiramisu"} {
		if s.Spoil[part] != nil && !strings.Contains(folded, want) {
			t.Errorf("the part %s is set up without %q: %s", part, want, kept)
		}
	}
}

// spoilt: whatever somebody changes is told, and put right.
func (f front) spoilt(t T) {
	s, m := f.opened(t, nil)
	f.ask(t, m, face(), true)
	_, good := s.done()
	if len(s.Spoil) == 0 {
		t.Errorf("a platform says by Spoil what may be changed there")
	}
	for _, part := range slices.Sorted(maps.Keys(s.Spoil)) {
		s.spoil(part)
		_, bad := s.done()
		told := f.ask(t, m, face(), false)
		if !slices.ContainsFunc(told, func(d messengers.Drift) bool { return d.Part == part }) {
			t.Errorf("somebody changed the %s, and told is %+v", part, told)
		}
		if changes, now := s.done(); changes > 0 || now != bad {
			t.Errorf("it was to look at the %s, and has changed something: %s", part, now)
		}
		f.ask(t, m, face(), true)
		if _, now := s.done(); now != good {
			t.Errorf("the %s was put right, and stands otherwise:\n%s\nwant\n%s", part, now, good)
		}
		f.rests(t, s, m, face(), good)
	}
}

// follows: what can no longer be asked goes, and comes back.
func (f front) follows(t T) {
	s, m := f.opened(t, nil)
	f.ask(t, m, face(), true)
	_, good := s.done()
	other := face()
	for _, l := range other.Languages {
		other.Words[l] = []messengers.Word{{Label: "Gâteau", Send: "k:gateau"}}
	}
	f.ask(t, m, other, true)
	_, kept := s.done()
	f.rests(t, s, m, other, kept)
	if kept != good && strings.Contains(strings.ToLower(kept), "tiramisu") {
		t.Errorf("a word that is gone can still be seen: %s", kept)
	}
	f.ask(t, m, face(), true)
	if _, now := s.done(); now != good {
		t.Errorf("the words are what they were, and it stands otherwise:\n%s\nwant\n%s", now, good)
	}
}

// anything: words of any script and length, many or none, fit.
func (f front) anything(t T) {
	for _, words := range [][]messengers.Word{nil, everything()} {
		s, m := f.opened(t, nil)
		face := face()
		for _, l := range face.Languages {
			face.Words[l] = words
			if words != nil {
				face.Greeting[l] = strings.Repeat("Ein Wort genügt & <sofort> kommt es. 👩‍👩‍👧‍👦 ", 60)
				face.Command[l] = "МЕНЮ"
			}
		}
		f.ask(t, m, face, true)
		_, kept := s.done()
		if !strings.Contains(kept, s.Others) {
			t.Errorf("what others have set up, %q, is gone: %s", s.Others, kept)
		}
		f.rests(t, s, m, face, kept)
	}
}

// fails: an account that is refused is told apart from a platform that is away.
func (f front) fails(t T) {
	s := f.Profile()
	deny := s.Deny
	if deny == nil {
		deny = f.denied(t)
	}
	_, refused := f.opened(t, deny)
	_, err := refused.SyncProfile(background(t), face(), true)
	f.judged(t, err, "the secret is not known", true)
	_, broken := f.opened(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	_, err = broken.SyncProfile(background(t), face(), true)
	f.judged(t, err, "the platform fails", false)
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	m, _ := f.open(t, away.URL, nil, f.logs).(messengers.ProfileSyncer)
	_, err = m.SyncProfile(background(t), face(), true)
	f.judged(t, err, "nobody answers", false)
	_, patient := f.opened(t, nil)
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err = patient.SyncProfile(ended, face(), true); err == nil {
		t.Errorf("nobody waits any more, and the face is good")
	}
}

// denied says that the account is refused, by the usual status.
func (f front) denied(t T) http.HandlerFunc {
	table := usual()
	maps.Copy(table, f.Faults)
	for _, status := range slices.Sorted(maps.Keys(table)) {
		if table[status] != messengers.TokenInvalid {
			continue
		}
		body := ""
		if f.Refusal != nil {
			body = f.Refusal(status, retrySeconds)
		}
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	t.Fatalf("a platform without a status for a secret that is not known says so by Deny")
	return nil
}

func (f front) judged(t T, err error, when string, denied bool) {
	t.Helper()
	if err == nil {
		t.Errorf("%s, and the face is good", when)
		return
	}
	if is := pull.KindOf(err) == pull.Denied; is != denied {
		t.Errorf("%s, and that the account is refused is said: %t (%v)", when, is, err)
	}
	var said *pull.Error
	if errors.As(err, &said); denied && said != nil && said.Field != "" {
		at := said.Field
		fields, bad := settings.Fields(f.Kind.New())
		if bad != nil || !slices.ContainsFunc(fields, func(s settings.Field) bool { return s.Name == at }) {
			t.Errorf("%s, and the fault is with %q, which is no setting", when, at)
		}
	}
	f.silent(t, err.Error())
}

// face returns that of the suite's publisher.
func face() messengers.Profile {
	return messengers.Profile{
		Name: "Lecker & Co", Languages: []string{"en", "fr"},
		Greeting: map[string]string{"en": "Send a word, and it comes.", "fr": "Un mot, et voilà."},
		Command:  map[string]string{"en": "MENU", "fr": "MENU"},
		Words: map[string][]messengers.Word{
			"en": {{Label: "Tiramisu", Send: "k:tiramisu"}, {Label: "News", Send: "k:news"}},
			"fr": {{Label: "Tiramisu", Send: "k:tiramisu"}, {Label: "Actus", Send: "k:news"}},
		},
	}
}

// everything are ten words that are hard to show.
func everything() []messengers.Word {
	labels := []string{
		"Tiramisu", "tiramisu!", "Погода в Берлине", "天気", "🍰", "A <b>&amp;</b> *bold* \"word\"",
		strings.Repeat("Donaudampfschifffahrt ", 8), "שלום", "1", "What is on tonight?",
	}
	all := make([]messengers.Word, len(labels))
	for i, label := range labels {
		all[i] = messengers.Word{Label: label, Send: "k:word-" + string(rune('a'+i))}
	}
	return all
}
