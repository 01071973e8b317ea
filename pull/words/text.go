package words

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"
)

// Text is something to be said. The zero Text says nothing.
type Text struct {
	// Key names a sentence of the message files of this package, or of the Set
	// whose Text method made it.
	Key  string
	Args Args
	// set is where Key lies; nil means this package's own files.
	set *Set
	// said is what a Text says whose Set is not here: its English.
	said string
}

// Args fill a sentence's places: strings; whole numbers and fractions, written
// as the language writes them; times, written with their date in their own
// zone; a Text, or a list of strings or of Texts. A number that is a name, as
// a port or a year, is handed in as a string.
type Args map[string]any

// Quoted returns what somebody else said, an upstream or an operating system: it is
// told as it is in every language, in the quotation marks of that language.
func Quoted(said string) Text { return Text{Key: "quoted", Args: Args{"said": said}} }

// Verbatim returns what is the same in every language, or was put into words before:
// a name, a price, a sentence that another process has said.
func Verbatim(said string) Text { return Text{Key: "said", Args: Args{"said": said}} }

// In says the text in the language of a tag, else in English.
func (t Text) In(language string) string {
	if t.said != "" {
		return t.said
	}
	if t.Key == "" {
		return ""
	}
	return t.home().Say(language, t.Key, t.Args)
}

// String returns the text in English, for logs.
func (t Text) String() string { return t.In(fallback) }

// IsZero reports that there is nothing to be said.
func (t Text) IsZero() bool { return t.Key == "" && t.said == "" }

// Equal reports whether both say the same.
func (t Text) Equal(u Text) bool {
	return t.Key == u.Key && t.home() == u.home() && t.said == u.said && len(t.Args) == len(u.Args) &&
		maps.EqualFunc(t.Args, u.Args, func(a, b any) bool { return reflect.DeepEqual(canonicalArg(a), canonicalArg(b)) })
}

// Without returns the text with a secret cut out of whatever fills it in.
func (t Text) Without(secret string) Text {
	args := make(Args, len(t.Args))
	for name, value := range t.Args {
		switch v := value.(type) {
		case string:
			args[name] = strings.ReplaceAll(v, secret, "…")
		case Text:
			args[name] = v.Without(secret)
		default:
			args[name] = v
		}
	}
	t.Args, t.said = args, strings.ReplaceAll(t.said, secret, "…")
	return t
}

func (t Text) home() *Set {
	if t.set != nil {
		return t.set
	}
	return Core()
}

// wired is a Text on its way: where its Set is a kind's, which the other side
// need not have, its English goes along.
type wired struct {
	Key  string           `json:"key"`
	Args map[string]wires `json:"args,omitempty"`
	Said string           `json:"said,omitempty"`
}

// wires is an argument with its type beside it, as JSON tells few apart. One
// of them is there.
type wires struct {
	Text  *Text      `json:"text,omitempty"`
	Texts []Text     `json:"texts,omitempty"`
	List  []string   `json:"list,omitempty"`
	At    *time.Time `json:"at,omitempty"`
	Int   *int64     `json:"int,omitempty"`
	Float *float64   `json:"float,omitempty"`
	Word  string     `json:"word,omitempty"`
}

// MarshalJSON writes the text with the types of its arguments.
func (t Text) MarshalJSON() ([]byte, error) {
	out := wired{Key: t.Key, Said: t.said}
	if t.set != nil && t.set != Core() {
		out.Said = t.String()
	}
	for name, value := range t.Args {
		if out.Args == nil {
			out.Args = make(map[string]wires, len(t.Args))
		}
		var w wires
		switch v := canonicalArg(value).(type) {
		case Text:
			w.Text = &v
		case []Text:
			w.Texts = v
		case []string:
			w.List = v
		case time.Time:
			w.At = &v
		case int64:
			w.Int = &v
		case float64:
			w.Float = &v
		case string:
			w.Word = v
		}
		out.Args[name] = w
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("marshal text %s: %w", t.Key, err)
	}
	return b, nil
}

// UnmarshalJSON reads what MarshalJSON wrote, or a sentence that was written as
// it is.
func (t *Text) UnmarshalJSON(b []byte) error {
	var said string
	if json.Unmarshal(b, &said) == nil {
		*t = Text{said: said}
		return nil
	}
	var in wired
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("unmarshal text: %w", err)
	}
	*t = Text{Key: in.Key, said: in.Said}
	for name, w := range in.Args {
		if t.Args == nil {
			t.Args = make(Args, len(in.Args))
		}
		t.Args[name] = w.value()
	}
	return nil
}

func (w wires) value() any {
	switch {
	case w.Text != nil:
		return *w.Text
	case w.Texts != nil:
		return w.Texts
	case w.List != nil:
		return w.List
	case w.At != nil:
		return *w.At
	case w.Int != nil:
		return *w.Int
	case w.Float != nil:
		return *w.Float
	}
	return w.Word
}

// canonicalArg returns an argument in the one type that stands for its like.
func canonicalArg(value any) any {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()) //nolint:gosec // counts of things are small
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Invalid:
		return ""
	}
	switch v := value.(type) {
	case Text, []Text, []string, time.Time:
		return v
	case *Text:
		return *v
	}
	return fmt.Sprint(value)
}
