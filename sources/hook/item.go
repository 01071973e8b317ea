package hook

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/shape"
)

// Bounds of one item, in characters where it is a text.
const (
	maxTitle  = 300
	maxText   = 8000
	maxID     = 200
	maxMedia  = 10
	maxFacts  = 40
	maxList   = 100
	maxFact   = 1000
	maxDigits = 40
)

// rawItem is an item as an endpoint writes it.
type rawItem struct {
	ID        scalar      `json:"id"`
	Title     scalar      `json:"title"`
	Summary   string      `json:"summary"`
	Body      string      `json:"body"`
	Text      string      `json:"text"`
	Link      string      `json:"link"`
	Language  string      `json:"language"`
	Image     string      `json:"image"`
	Media     []rawMedium `json:"media"`
	Facts     facts       `json:"facts"`
	Published moment      `json:"published"`
	AsOf      moment      `json:"as_of"`
}

// rawMedium is what an item shows or plays.
type rawMedium struct {
	Type  string `json:"type"`
	URL   string `json:"url"`
	Alt   string `json:"alt"`
	Bytes int64  `json:"bytes"`
}

// addItem cleans an item and puts it behind the others; false if it says nothing.
func (a *answer) addItem(p rawItem, at time.Time) bool {
	body := sources.Shorten(sources.Plain(cmp.Or(p.Body, p.Text)), maxText)
	it := what.Item{
		Title:    sources.Shorten(sources.Line(string(p.Title)), maxTitle),
		Summary:  sources.Shorten(cmp.Or(sources.Plain(p.Summary), body), maxText),
		Body:     cmp.Or(body, sources.Shorten(sources.Plain(p.Summary), maxText)),
		Link:     sources.SafeLink("", p.Link),
		Language: language(p.Language),
		Facts:    what.Facts(p.Facts), Published: p.Published.at, AsOf: p.AsOf.unlessAfter(at),
	}
	if p.Link != "" && it.Link == "" {
		a.addWarning("bad_link", nil)
	}
	if p.Image != "" {
		p.Media = append([]rawMedium{{Type: string(what.Image), URL: p.Image}}, p.Media...)
	}
	for _, m := range p.Media {
		it.Media = withMedium(it.Media, m)
	}
	if it.Title == "" && it.Body == "" && it.Link == "" && len(it.Media) == 0 && len(it.Facts) == 0 {
		return false
	}
	it.ID = a.idFor(string(p.ID), it)
	a.items = append(a.items, it)
	return true
}

// idFor returns the item's own, else its link, else made of what it says; another one
// for every item.
func (a *answer) idFor(given string, it what.Item) string {
	id := sources.Line(given)
	if id == "" || len(id) > maxID {
		id = it.Link
	}
	if id == "" {
		sum := sha256.Sum256([]byte(it.Title + "\x00" + it.Body))
		id = hex.EncodeToString(sum[:8])
	}
	taken := func(id string) bool {
		return slices.ContainsFunc(a.items, func(o what.Item) bool { return o.ID == id })
	}
	own := id
	for n := 2; taken(own); n++ {
		own = id + "#" + strconv.Itoa(n)
	}
	return own
}

// language returns the BCP 47 tag of a language, or "" if it is unknown.
func language(tag string) string {
	if languageTag.MatchString(tag) {
		return tag
	}
	return ""
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// withMedium adds a medium that can be shown.
func withMedium(all []what.Media, m rawMedium) []what.Media {
	kind := what.MediaType(m.Type)
	switch m.Type {
	case "audio":
		kind = what.Sound
	case "file":
		kind = what.Document
	case "":
		kind = what.Image
	}
	link := sources.SafeLink("", m.URL)
	known := slices.Contains([]what.MediaType{what.Image, what.Sound, what.Video, what.Document}, kind)
	if link == "" || !known || len(all) == maxMedia {
		return all
	}
	return append(all, what.Media{Type: kind, URL: link, Alt: sources.Shorten(sources.Line(m.Alt), maxTitle), Bytes: max(0, m.Bytes)})
}

// scalar is a text, or a number or truth that stands for one.
type scalar string

// UnmarshalJSON takes what scripts write where a text is meant.
func (s *scalar) UnmarshalJSON(b []byte) error {
	v, err := sources.DecodeJSON(string(b))
	if err != nil {
		return err //nolint:wrapcheck // the decoder's own
	}
	switch v := v.(type) {
	case string:
		*s = scalar(v)
	case json.Number:
		*s = scalar(v.String())
	case bool:
		*s = scalar(strconv.FormatBool(v))
	}
	return nil
}

// moment is a time: RFC 3339, or seconds or milliseconds since 1970.
type moment struct {
	at    time.Time
	given bool
}

// UnmarshalJSON reads a time; anything else is the zero time.
func (m *moment) UnmarshalJSON(b []byte) error {
	var s scalar
	if err := s.UnmarshalJSON(b); err != nil {
		return err
	}
	text := strings.TrimSpace(string(s))
	m.given = text != ""
	m.at = sources.NewDates(sources.DateHints{}).Read(text)
	return nil
}

// unlessAfter returns the moment, or the zero time if it is later than at.
func (m moment) unlessAfter(at time.Time) time.Time {
	if m.at.After(at.Add(sources.Skew)) {
		return time.Time{}
	}
	return m.at
}

// facts are the facts of an item in their order.
type facts what.Facts

// UnmarshalJSON reads an object of texts, numbers and lists of these; what is
// neither is no fact.
func (f *facts) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return err //nolint:wrapcheck // the decoder's own; a list has no names
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err //nolint:wrapcheck // the decoder's own
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return err //nolint:wrapcheck // the decoder's own
		}
		key, _ := name.(string)
		if fact, ok := factOf(key, value); ok && len(*f) < maxFacts {
			if _, twice := what.Facts(*f).Find(fact.Name); !twice {
				*f = append(*f, fact)
			}
		}
	}
	return nil
}

var (
	notInName = regexp.MustCompile(`[^a-z0-9]+`)
	decimal   = regexp.MustCompile(`^-?[0-9]{1,30}\.[0-9]{1,30}$`)
)

func factOf(name string, value any) (what.Fact, bool) {
	name = strings.Trim(notInName.ReplaceAllString(strings.ToLower(name), "_"), "_")
	f := what.Fact{Name: name}
	switch v := value.(type) {
	case string:
		if f.Text = sources.Shorten(sources.Line(v), maxFact); decimal.MatchString(f.Text) {
			f.Kind = what.Decimal
		}
	case bool:
		f.Text = strconv.FormatBool(v)
	case json.Number:
		f.Kind, f.Text = number(v.String())
	case []any:
		f.Kind = what.List
		for _, entry := range v[:min(len(v), maxList)] {
			if one, ok := factOf(name, entry); ok && one.Kind != what.List {
				f.List = append(f.List, one.Text)
			}
		}
	}
	return f, name != "" && len(name) <= maxFactName && (f.Text != "" || len(f.List) > 0)
}

// number returns a JSON number in its canonical form, or "" if it has more digits
// than anything has.
func number(text string) (what.FactKind, string) {
	n, err := shape.ReadNumber(text, shape.Points)
	if err != nil || len(text) > maxDigits {
		return what.Decimal, ""
	}
	return shape.NumberKind(n.Text), n.Text
}
