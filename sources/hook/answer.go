package hook

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Bounds of an answer.
const (
	maxAnswerBytes = 1 << 20
	maxItems       = 100
	maxWarnings    = 20
)

// answer is what an endpoint said, cleaned.
type answer struct {
	items    []what.Item
	buttons  []pull.Button
	asOf     time.Time
	warnings []words.Text
}

// addWarning notes what the publisher should know; the first few are enough.
func (a *answer) addWarning(key string, args words.Args) {
	if len(a.warnings) < maxWarnings {
		a.warnings = append(a.warnings, own.Text(key, args))
	}
}

// extra is what is kept beside the items.
type extra struct {
	Buttons []pull.Button `json:"buttons,omitempty"`
	Mark    mark          `json:"mark,omitzero"`
}

// fillSnapshot puts an answer into the times of what it came with.
func (a answer) fillSnapshot(s pull.Snapshot, m mark) (pull.Snapshot, error) {
	s.Items, s.Warnings = a.items, a.warnings
	if len(a.buttons) == 0 && m == (mark{}) {
		return s, nil
	}
	raw, err := json.Marshal(extra{Buttons: a.buttons, Mark: m})
	if err != nil {
		return s, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	s.Extra = raw
	return s, nil
}

// document is an answer, or what is pushed, as JSON.
type document struct {
	Text    string      `json:"text"`
	Items   []rawItem   `json:"items"`
	Buttons []rawButton `json:"buttons"`
	Next    []scalar    `json:"next"`
	AsOf    moment      `json:"as_of"`
	// Version and Content are ManyChat's.
	Version string   `json:"version"`
	Content *content `json:"content"`
}

// saysNothing reports whether nothing to be told stands in it.
func (d document) saysNothing() bool { return d.Items == nil && d.Text == "" && d.Content == nil }

// readAnswer makes an answer of a response.
func (s *source) readAnswer(res outside.Response) (a answer, err error) {
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	body, guessed := sources.Text(res, s.env.Languages)
	defer func() { a.warnings = sources.Warned(guessed, a.warnings) }()
	body = bytes.TrimSpace(body)
	isJSON := kind == "application/json" || strings.HasSuffix(kind, "+json") || len(body) > 0 && bytes.IndexByte([]byte(`{["`), body[0]) >= 0
	switch {
	case len(body) == 0:
		return answer{}, unusable("empty", words.Args{"example": nothing})
	case s.settings.Dialect == kannel && strings.HasPrefix(kind, "text/"), kind == "text/plain" && !isJSON, kind == "" && !isJSON && s.settings.Dialect == kannel:
		if bytes.IndexByte(body, 0) >= 0 {
			return answer{}, unusable("unreadable", words.Args{"begin": begin(body)})
		}
		return plain(string(body), res.Fetched)
	case !isJSON:
		return answer{}, unusable("no_answer", words.Args{"begin": begin(body)})
	}
	return decode(body, res.Fetched)
}

// decode reads an answer in JSON: an object, a list of items, or a text.
func decode(body []byte, at time.Time) (answer, error) {
	var d document
	var err error
	switch body[0] {
	case '[':
		err = json.Unmarshal(body, &d.Items)
	case '"':
		err = json.Unmarshal(body, &d.Text)
	default:
		err = json.Unmarshal(body, &d)
	}
	if err != nil {
		return answer{}, badJSON(err, body)
	}
	return d.toAnswer(at)
}

// toAnswer cleans what a document says.
func (d document) toAnswer(at time.Time) (answer, error) {
	a := answer{}
	if d.Content != nil {
		d.Content.addTo(&a, at)
	}
	if d.Text != "" {
		a.addItem(rawItem{Text: d.Text}, at)
	}
	for i, p := range d.Items {
		if i == maxItems {
			a.addWarning("many_items", words.Args{"max": maxItems, "n": len(d.Items)})
			break
		}
		if !a.addItem(p, at) {
			a.addWarning("empty_item", words.Args{"number": i + 1})
		}
	}
	for _, t := range d.Buttons {
		a.addButton(t)
	}
	for _, next := range d.Next {
		a.addButton(rawButton{Send: string(next)})
	}
	if asOf := d.AsOf.unlessAfter(at); !asOf.IsZero() {
		a.asOf = asOf
	} else if d.AsOf.given {
		a.addWarning("bad_moment", nil)
	}
	if d.saysNothing() {
		return a, unusable("nothing_said", words.Args{"example": nothing})
	}
	return a, nil
}

func plain(text string, at time.Time) (answer, error) {
	a := answer{}
	if !a.addItem(rawItem{Text: text}, at) {
		return a, unusable("empty", words.Args{"example": nothing})
	}
	return a, nil
}

// nothing is how an endpoint says that there is nothing to tell.
const nothing = `{"items": []}`

func unusable(key string, args words.Args) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text(key, args)}
}

// badJSON says where a document is not what it should be.
func badJSON(err error, body []byte) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return unusable("wrong_type", words.Args{"field": sources.Shorten(sources.Line(wrong.Field), 60), "value": wrong.Value})
	}
	return unusable("no_json", words.Args{"begin": begin(body)})
}

// begin returns what an answer begins with, to be shown.
func begin(body []byte) string {
	const most = 200
	return sources.Shorten(strings.Join(strings.Fields(sources.Clean(string(body[:min(len(body), most)]))), " "), 40)
}
