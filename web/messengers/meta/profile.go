package meta

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"keypull/web/messengers"
)

// Limits of what a profile shows before anybody asks.
const (
	maxGreeting   = 160
	maxQuestion   = 80
	maxQuestions  = 4
	maxMenuLabel  = 30
	defaultLocale = "default"
)

// locales are what Meta calls the languages that it shows itself in.
var locales = map[string]string{
	"ar": "ar_AR", "bn": "bn_IN", "cs": "cs_CZ", "da": "da_DK", "de": "de_DE", "el": "el_GR", "en": "en_US", "es": "es_LA", "fa": "fa_IR",
	"fi": "fi_FI", "fr": "fr_FR", "he": "he_IL", "hi": "hi_IN", "hu": "hu_HU", "id": "id_ID", "it": "it_IT", "ja": "ja_JP", "ko": "ko_KR",
	"ms": "ms_MY", "nb": "nb_NO", "nl": "nl_NL", "pl": "pl_PL", "pt": "pt_BR", "ro": "ro_RO", "ru": "ru_RU", "sv": "sv_SE", "sw": "sw_KE",
	"ta": "ta_IN", "th": "th_TH", "tr": "tr_TR", "uk": "uk_UA", "ur": "ur_PK", "vi": "vi_VN", "zh": "zh_CN",
}

// Shown is what a kind of account can show before anybody asks.
type Shown struct {
	// Greeting: a text, and the button that begins a conversation.
	Greeting bool
	// Platform is how a profile names the kind of account; empty for a page.
	Platform string
}

// spoken is a part of a profile in one language.
type spoken struct {
	Locale string   `json:"locale"`
	Text   string   `json:"text,omitempty"`
	Calls  []called `json:"call_to_actions,omitempty"`
	// Alone says whether people can only press, and not write.
	Alone *bool `json:"composer_input_disabled,omitempty"`
}

// called is something to press: a question, or an entry of a menu.
type called struct {
	Type     string `json:"type,omitempty"`
	Title    string `json:"title,omitempty"`
	Question string `json:"question,omitempty"`
	Payload  string `json:"payload"`
}

// field is a part of a profile as it should be, a text or buttons in each
// language.
type field struct {
	name, part string
	wants      []spoken
	languages  []string
}

// add adds a language, where it has anything to say.
func (f *field) add(language string, s spoken) {
	if s.Text == "" && len(s.Calls) == 0 {
		return
	}
	s.Locale = defaultLocale
	if len(f.wants) > 0 {
		s.Locale = locales[language]
	}
	if s.Locale != "" && !slices.ContainsFunc(f.wants, func(o spoken) bool { return o.Locale == s.Locale }) {
		f.wants, f.languages = append(f.wants, s), append(f.languages, language)
	}
}

// fieldsOf returns the parts of a profile that a face makes.
func (s Shown) fieldsOf(f messengers.Profile) []field {
	greeting := field{name: "greeting", part: "greeting"}
	breakers := field{name: "ice_breakers", part: "words"}
	menu := field{name: "persistent_menu", part: "menu"}
	open := false
	for _, language := range f.Languages {
		greeting.add(language, spoken{Text: messengers.Short(f.Greeting[language], maxGreeting)})
		var asks, entries []called
		for _, w := range f.Words[language] {
			if len(asks) < maxQuestions {
				asks = append(asks, called{Question: messengers.Short(w.Label, maxQuestion), Payload: w.Send})
			}
			entries = append(entries, called{Type: "postback", Title: messengers.Short(w.Label, maxMenuLabel), Payload: w.Send})
		}
		if command := f.Command[language]; command != "" {
			entries = append(entries, called{Type: "postback", Title: messengers.Short(command, maxMenuLabel), Payload: "c:menu"})
		}
		breakers.add(language, spoken{Calls: asks})
		menu.add(language, spoken{Calls: entries, Alone: &open})
	}
	if !s.Greeting {
		return []field{breakers, menu}
	}
	return []field{greeting, breakers, menu}
}

const profilePath = "/me/messenger_profile"

// profile compares what an account shows before anybody asks with a profile. Languages
// that others added stay.
func (d *Direct) profile(f messengers.Profile, s Shown) Part {
	return func(ctx context.Context) ([]messengers.Drift, func() error, error) {
		wanted := s.fieldsOf(f)
		now, err := d.shows(ctx, wanted, s)
		if err != nil {
			return nil, nil, err
		}
		var drifts []messengers.Drift
		body, over := map[string]any{}, []string(nil)
		if s.Greeting {
			var button struct{ Payload string }
			if Decode(now["get_started"], &button); button.Payload == "" {
				drifts = append(drifts, messengers.Drift{Part: "commands", Wants: Started})
				body["get_started"] = map[string]string{"payload": Started}
			}
		}
		for _, w := range wanted {
			found, list := w.compare(now[w.name])
			drifts = append(drifts, found...)
			switch {
			case len(found) == 0:
			case len(list) == 0:
				over = append(over, w.name)
			default:
				body[w.name] = list
			}
		}
		return drifts, func() error { return d.change(ctx, s, body, over) }, nil
	}
}

// shows returns what the account shows now.
func (d *Direct) shows(ctx context.Context, wanted []field, s Shown) (map[string]json.RawMessage, error) {
	var names []string
	if s.Greeting {
		names = append(names, "get_started")
	}
	for _, w := range wanted {
		names = append(names, w.name)
	}
	query := url.Values{"fields": {strings.Join(names, ",")}}
	if s.Platform != "" {
		query.Set("platform", s.Platform)
	}
	var has struct{ Data []map[string]json.RawMessage }
	if err := d.Get(ctx, profilePath, query, &has); err != nil || len(has.Data) == 0 {
		return nil, err
	}
	return has.Data[0], nil
}

// change sets some parts of the profile, and removes those that are over.
func (d *Direct) change(ctx context.Context, s Shown, body map[string]any, over []string) error {
	removed := map[string]any{"fields": over}
	if s.Platform != "" {
		removed["platform"] = s.Platform
	}
	if len(over) > 0 {
		if err := d.Delete(ctx, profilePath, removed); err != nil {
			return err
		}
	}
	if len(body) == 0 {
		return nil
	}
	if s.Platform != "" {
		body["platform"] = s.Platform
	}
	return d.Post(ctx, profilePath, body, nil)
}

// compare returns what differs from what is there, and the whole part as it
// should be.
func (f field) compare(raw json.RawMessage) (drifts []messengers.Drift, list []any) {
	var there []json.RawMessage
	Decode(raw, &there)
	has := map[string]spoken{}
	for _, one := range there {
		var s spoken
		Decode(one, &s)
		has[s.Locale] = s
		switch wanted := slices.ContainsFunc(f.wants, func(w spoken) bool { return w.Locale == s.Locale }); {
		case wanted:
		case s.ours():
			drifts = append(drifts, messengers.Drift{Part: f.part, Has: s.told()})
		case s.Locale != "":
			list = append(list, one)
		}
	}
	for i, w := range f.wants {
		list = append(list, w)
		if h := has[w.Locale]; !h.same(w) {
			drifts = append(drifts, messengers.Drift{Part: f.part, Language: f.languages[i], Has: h.told(), Wants: w.told()})
		}
	}
	return drifts, list
}

// ours tells whether we have set a part up, by what its buttons send.
func (s spoken) ours() bool {
	return slices.ContainsFunc(s.Calls, func(c called) bool {
		return strings.HasPrefix(c.Payload, "k:") || strings.HasPrefix(c.Payload, "c:")
	})
}

func (s spoken) same(other spoken) bool {
	return s.Text == other.Text && slices.EqualFunc(s.Calls, other.Calls, func(a, b called) bool {
		return a.Title == b.Title && a.Question == b.Question && a.Payload == b.Payload
	})
}

// told returns what people see of a part.
func (s spoken) told() string {
	all := make([]string, 0, len(s.Calls)+1)
	if s.Text != "" {
		all = append(all, s.Text)
	}
	for _, c := range s.Calls {
		all = append(all, c.Title+c.Question+" ("+c.Payload+")")
	}
	return strings.Join(all, ", ")
}
