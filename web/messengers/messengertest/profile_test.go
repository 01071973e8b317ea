package messengertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/kinds/pages"
)

// pagePlatform is the platform of a page to which somebody has subscribed other
// events and written a greeting in Italian.
type pagePlatform struct{ kept pages.Profile }

func newPagePlatform() messengertest.Platform {
	p := &pagePlatform{pages.Profile{
		Events: []string{"feed"}, Greeting: map[string]string{"it": "Scrivi una parola."}, Menu: map[string][]pages.Entry{},
	}}
	return messengertest.Platform{
		Handler: p, Changes: func(r *http.Request) bool { return r.Method == http.MethodPost },
		Kept: func() string {
			b, _ := json.Marshal(p.kept)
			return string(b)
		},
		Others: "Scrivi una parola.",
		Spoil: map[string]func(){
			"events": func() { p.kept.Events = p.kept.Events[:2] },
			"greeting": func() {
				p.kept.Greeting["fr"] = "Bonjour"
			},
			"menu": func() { delete(p.kept.Menu, "en") },
		},
	}
}

// ServeHTTP tells the profile, and takes what is changed of it.
func (p *pagePlatform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(p.kept)
		return
	}
	var change pages.Profile
	if json.NewDecoder(r.Body).Decode(&change) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.kept.Events = append(p.kept.Events, change.Events...)
	maps.Copy(p.kept.Greeting, change.Greeting)
	maps.Copy(p.kept.Menu, change.Menu)
}

// fronting is an honest messenger whose face lies.
type fronting struct {
	messengers.Messenger
	front func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error)
}

func (l fronting) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	return l.front(ctx, l.Messenger.(messengers.ProfileSyncer), f, mend)
}

func (l fronting) Account() string { return l.Messenger.(messengers.Carried).Account() }

// faceLie is what is wrong with a face, and what the suite must say of it.
type faceLie struct {
	front func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error)
	says  string
}

// faceLies returns those about what stands at the platform.
func faceLies() map[string]faceLie {
	return map[string]faceLie{
		"honest": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			return h.SyncProfile(ctx, f, mend)
		}, ""},
		"it puts right what it was to look at": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, _ bool) ([]messengers.Drift, error) {
			return h.SyncProfile(ctx, f, true)
		}, "was to look, and has changed"},
		"it puts nothing right": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, _ bool) ([]messengers.Drift, error) {
			return h.SyncProfile(ctx, f, false)
		}, "and it tells of a drift"},
		"it puts right each time": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			if mend && err == nil && len(found) == 0 {
				f.Greeting = map[string]string{"en": "x"}
				_, err = h.SyncProfile(ctx, f, true)
			}
			return found, err
		}, "changes something again"},
		"it tells nothing": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			_, err := h.SyncProfile(ctx, f, mend)
			return nil, err
		}, "no drift is told"},
		"it tells nothing of what it puts right": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			if mend {
				found = nil
			}
			return found, err
		}, "when it puts right"},
		"it overlooks a part": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			return slices.DeleteFunc(found, func(d messengers.Drift) bool { return d.Part == "menu" }), err
		}, "changed the menu, and told is"},
		"it calls a part otherwise": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			for i := range found {
				found[i].Part = "persistent_menu"
			}
			return found, err
		}, `is of the part "persistent_menu"`},
		"it tells of a language that is not there": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			for i := range found {
				found[i].Language = "it"
			}
			return found, err
		}, "which the publisher does not have"},
	}
}

// faceFaults returns those about what is told of it, and of what fails.
func faceFaults() map[string]faceLie {
	return map[string]faceLie{
		"it does not say what is there": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			for i := range found {
				found[i].Has = found[i].Wants
			}
			return found, err
		}, "has what it wants"},
		"it tells a secret": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			for i := range found {
				found[i].Wants += " " + secret
			}
			return found, err
		}, "a secret stands in"},
		"it takes what others have set up for its own": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			if mend {
				g := f
				g.Languages, g.Greeting = []string{"it"}, map[string]string{}
				if _, err := h.SyncProfile(ctx, g, true); err != nil {
					return nil, err
				}
			}
			return h.SyncProfile(ctx, f, mend)
		}, "what others have set up"},
		"it leaves what can no longer be asked": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			if len(f.Words["en"]) == 1 {
				f.Words = map[string][]messengers.Word{"en": {{Label: "Tiramisu", Send: "k:tiramisu"}}}
			}
			return h.SyncProfile(ctx, f, mend)
		}, "a word that is gone can still be seen"},
		"it leaves the menu out": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			f.Command = map[string]string{}
			f.Words = map[string][]messengers.Word{}
			return h.SyncProfile(ctx, f, mend)
		}, `set up without "tiramisu"`},
		"it breaks down at words of another script": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			if strings.Contains(f.Command["en"], "Н") {
				return nil, fmt.Errorf("ascii only")
			}
			return h.SyncProfile(ctx, f, mend)
		}, "the face fails"},
		"a platform that is away refuses the account": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			if err != nil {
				err = &pull.Error{Kind: pull.Denied, Err: err}
			}
			return found, err
		}, "nobody answers, and that the account is refused is said: true"},
		"a token that is not known is a passing trouble": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			if err != nil {
				err = &pull.Error{Kind: pull.Unavailable, Err: err}
			}
			return found, err
		}, "the secret is not known, and that the account is refused is said: false"},
		"the fault is with no setting": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, err := h.SyncProfile(ctx, f, mend)
			if pull.KindOf(err) == pull.Denied {
				err = &pull.Error{Kind: pull.Denied, Field: "bot_token", Err: err}
			}
			return found, err
		}, "which is no setting"},
		"a failure is no failure": {func(ctx context.Context, h messengers.ProfileSyncer, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
			found, _ := h.SyncProfile(ctx, f, mend)
			return found, nil
		}, "and the face is good"},
	}
}

func TestTheSuiteNamesEveryLieAboutAFace(t *testing.T) {
	all := faceLies()
	maps.Copy(all, faceFaults())
	for name, l := range all {
		t.Run(name, func(t *testing.T) {
			lying := messengertest.Wrapped(pagesCase(), func(_ messengers.Env, m messengers.Messenger) messengers.Messenger { return fronting{m, l.front} })
			found := messengertest.ProfileFindings(t, lying)
			if all := strings.Join(found, "\n"); !strings.Contains(all, l.says) || l.says == "" && all != "" {
				t.Errorf("the suite does not say %q, but:\n%s", l.says, all)
			}
		})
	}
}

func TestTheSuiteAsksForThePlatformOfAFace(t *testing.T) {
	c := pagesCase()
	c.Profile = nil
	if found := messengertest.ProfileFindings(t, c); len(found) != 1 || !strings.Contains(found[0], "says by Profile") {
		t.Errorf("found %q", found)
	}
}
