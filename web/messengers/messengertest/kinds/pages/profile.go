package pages

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Profile is what the platform keeps of a page: the events that it delivers, a
// greeting and a menu by language.
type Profile struct {
	Events   []string           `json:"events,omitempty"`
	Greeting map[string]string  `json:"greeting,omitempty"`
	Menu     map[string][]Entry `json:"menu,omitempty"`
}

// Entry is one of a page's menu.
type Entry struct {
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

// What the platform takes of a greeting and of a menu.
const (
	greetingRunes = 160
	titleRunes    = 30
	entries       = 5
)

// events returns those that the page asks for.
func events() []string { return []string{"messages", "messaging_postbacks"} }

// SyncProfile compares and puts right what readers see of the page before they ask.
// Events that others subscribed to and languages of theirs stay.
func (p *page) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	var has Profile
	if err := p.profile(ctx, http.MethodGet, nil, &has); err != nil {
		return nil, err
	}
	var found []messengers.Drift
	change := Profile{Greeting: map[string]string{}, Menu: map[string][]Entry{}}
	for _, event := range events() {
		if !slices.Contains(has.Events, event) {
			change.Events = append(change.Events, event)
		}
	}
	if len(change.Events) > 0 {
		found = append(found, messengers.Drift{Part: "events", Has: strings.Join(has.Events, ", "), Wants: strings.Join(slices.Concat(has.Events, change.Events), ", ")})
	}
	for _, l := range f.Languages {
		if wants := messengers.Short(f.Greeting[l], greetingRunes); has.Greeting[l] != wants {
			change.Greeting[l] = wants
			found = append(found, messengers.Drift{Part: "greeting", Language: l, Has: has.Greeting[l], Wants: wants})
		}
		if wants := menu(f, l); !reflect.DeepEqual(has.Menu[l], wants) {
			change.Menu[l] = wants
			found = append(found, messengers.Drift{Part: "menu", Language: l, Has: read(has.Menu[l]), Wants: read(wants)})
		}
	}
	if !mend || len(found) == 0 {
		return found, nil
	}
	return found, p.profile(ctx, http.MethodPost, change, nil)
}

func menu(f messengers.Profile, language string) []Entry {
	all := []Entry{{messengers.Short(f.Command[language], titleRunes), "c:menu"}}
	for _, w := range f.Words[language][:min(len(f.Words[language]), entries-1)] {
		all = append(all, Entry{messengers.Short(w.Label, titleRunes), w.Send})
	}
	return all
}

// read returns a menu as people read it.
func read(menu []Entry) string {
	titles := make([]string, len(menu))
	for i, e := range menu {
		titles[i] = e.Title + " (" + e.Payload + ")"
	}
	return strings.Join(titles, ", ")
}

// profile asks for the page's profile, or changes what change has of it.
func (p *page) profile(ctx context.Context, method string, change, into any) error {
	request := outside.Request{
		Method: method, URL: p.APIBase + "/me/profile", Single: true, Redact: p.Token.Reveal(),
		Header: map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + p.Token.Reveal()},
	}
	if change != nil {
		var err error
		if request.Body, err = json.Marshal(change); err != nil {
			return &pull.Error{Kind: pull.Internal, Op: "write a profile", Err: err}
		}
	}
	res, err := p.client.Do(ctx, request)
	if err != nil {
		return &pull.Error{Kind: pull.Unavailable, Op: "ask for the profile", Err: err}
	}
	if err := messengers.Judged(res, p.clock()); err != nil {
		var fault *messengers.SendError
		if errors.As(err, &fault) && fault.Fault == messengers.TokenInvalid {
			return &pull.Error{Kind: pull.Denied, Field: "access_token", Hint: words.Verbatim("The platform does not know the token."), Err: err}
		}
		return &pull.Error{Kind: pull.Unavailable, Op: "ask for the profile", Err: err}
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(res.Body, into); err != nil {
		return &pull.Error{Kind: pull.Unusable, Op: "read the profile", Err: err}
	}
	return nil
}

var _ messengers.ProfileSyncer = (*page)(nil)
