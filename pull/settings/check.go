package settings

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"keypull/pull/words"
)

// Checks are the checks that others than this package know, by the name in the
// check tag: "cron", "hours". Each is given one text, never an empty one, and
// answers with an error that says why (words.Fail).
type Checks map[string]func(string) error

// rule is one part of a check tag.
type rule struct {
	name string
	// bound is the limit of min and max; keys says that the check is for the
	// names of a map, not for its values.
	bound int64
	shown string
	keys  bool
}

// complaint is what a rule finds: a sentence's key and its arguments.
type complaint struct {
	key  string
	args []any
}

// errShape says that a text is not of the form that its check asks for.
var errShape = errors.New("wrong form")

// textCheck returns the check of this package with that name, nil if none.
func textCheck(name string) func(string) error {
	switch name {
	case "url":
		return checkURL
	case "id":
		return checkID
	case "zone":
		return checkZone
	case "language":
		return checkLanguage
	case "cidr":
		return checkNetwork
	}
	return nil
}

func readRule(check string, t Type) (rule, error) {
	name, arg, hasArg := strings.Cut(check, "=")
	r := rule{name: name, shown: arg}
	switch name {
	case "keys":
		if t != Pairs && t != Lists && t != Localised || arg == "" {
			return r, fmt.Errorf("check %q: keys names a check and is for maps", check)
		}
		return rule{name: arg, keys: true}, nil
	case "min", "max":
		bound, err := readBound(arg, t)
		r.bound = bound
		return r, err
	}
	if hasArg {
		return r, fmt.Errorf("check %q takes no argument", check)
	}
	switch t {
	case Text, URL, Hidden, Lines, Pairs, Lists, Localised:
		return r, nil
	}
	return r, fmt.Errorf("check %q is for texts, not for type %s", check, t)
}

func readBound(arg string, t Type) (int64, error) {
	switch t {
	case Duration:
		d, err := ParseDuration(arg)
		return int64(d), err
	case Size:
		b, err := ParseBytes(arg)
		return int64(b), err
	case Toggle, Time, Raw, Section, Choice:
		return 0, fmt.Errorf("min and max mean nothing for type %s", t)
	}
	n, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("bound %q is no number", arg)
	}
	return n, nil
}

// checkBounds applies min or max to the whole value; nil if it is within.
func (r rule) checkBounds(e entry, v reflect.Value) *complaint {
	if r.name != "min" && r.name != "max" || r.keys {
		return nil
	}
	size, unit := extent(e.Type, v)
	if r.name == "min" && size >= r.bound || r.name == "max" && size <= r.bound {
		return nil
	}
	c := &complaint{key: r.name + unit, args: []any{r.name, r.shown}}
	if unit != "" {
		c.args = append(c.args, "got", strconv.FormatInt(size, 10))
	}
	return c
}

// extent returns what min and max measure: a number or duration itself, the
// characters of a text, or of the longest of those by language, the entries of anything else.
func extent(t Type, v reflect.Value) (size int64, unit string) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.CanInt():
		return v.Int(), ""
	case v.CanUint():
		return int64(min(v.Uint(), math.MaxInt64)), ""
	case t == Text || t == URL || t == Hidden:
		return int64(utf8.RuneCountInString(v.String())), "_length"
	case t == Localised:
		for _, text := range v.Seq2() {
			size = max(size, int64(utf8.RuneCountInString(text.String())))
		}
		return size, "_length"
	default:
		return int64(v.Len()), "_entries"
	}
}

// checkText applies a check of this package, or one of checks, to one text.
func (r rule) checkText(text string, checks Checks, secret bool) *complaint {
	if own := textCheck(r.name); own != nil {
		if own(text) == nil {
			return nil
		}
		return &complaint{key: r.name, args: []any{"got", quoteValue(text, secret)}}
	}
	other := checks[r.name]
	if other == nil {
		return nil
	}
	if err := other(text); err != nil {
		return &complaint{key: "check", args: []any{
			"reason", words.Said(err), "check", r.name, "got", quoteValue(text, secret),
		}}
	}
	return nil
}

// quoteValue shows a value within a sentence, cut short, and never a secret one.
func quoteValue(text string, secret bool) any {
	if secret {
		return words.Text{Key: "got.this"}
	}
	return strconv.Quote(words.Shorten(text, repeated))
}

// repeated is how much of a value a complaint repeats, in characters.
const repeated = 40

func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || !slices.Contains([]string{"http", "https"}, u.Scheme) {
		return errShape
	}
	return nil
}

func checkID(s string) error {
	if s == "" || len(s) > 32 || s[0] == '-' {
		return errShape
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return errShape
		}
	}
	return nil
}

// checkZone takes the names of the IANA database; "Local" depends on the
// machine and is refused.
func checkZone(s string) error {
	if s == "" || s == "Local" {
		return errShape
	}
	_, err := time.LoadLocation(s)
	return err
}

func checkLanguage(s string) error {
	if _, ok := goodTags.Load(s); ok {
		return nil
	}
	if strings.Contains(s, "_") {
		return errShape
	}
	_, err := language.Parse(s)
	if err == nil && len(s) <= usualTag {
		goodTags.Store(strings.Clone(s), true)
	}
	return err
}

// goodTags are languages that were found good: a hundred thousand keywords have
// the same few. Only short ones are kept, of which there are not many.
var goodTags sync.Map

const usualTag = 2

// IsLanguage reports whether a text is the tag of a language.
func IsLanguage(s string) bool { return checkLanguage(s) == nil }

func checkNetwork(s string) error {
	_, err := netip.ParsePrefix(s)
	return err
}
