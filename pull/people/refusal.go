package people

import (
	"errors"
	"strings"

	"keypull/pull/words"
)

// Refusal is one value that is not taken, with one sentence that says what to
// do. It never repeats a secret.
type Refusal struct {
	// Field names what is at fault: "email", "roles.lecker".
	Field string
	// Key names the sentence for translations, Args what it speaks of.
	Key     string
	Message string
	Args    map[string]string
	said    words.Text
}

// Error returns the field and the sentence.
func (r Refusal) Error() string { return r.Field + ": " + r.Message }

// Said returns the sentence as a text.
func (r Refusal) Said() words.Text {
	if r.said.IsZero() {
		return words.Verbatim(r.Message)
	}
	return r.said
}

// Refusals are all that is wrong at once.
type Refusals []Refusal

// Error joins them, one line each.
func (rs Refusals) Error() string {
	lines := make([]string, len(rs))
	for i, r := range rs {
		lines[i] = r.Error()
	}
	return strings.Join(lines, "\n")
}

// Refused returns the refusals in err's chain, one or many; none when err
// tells of something else.
func Refused(err error) Refusals {
	var many Refusals
	if errors.As(err, &many) {
		return many
	}
	var one Refusal
	if errors.As(err, &one) {
		return Refusals{one}
	}
	return nil
}

// newRefusal makes a refusal of the sentence "problem.person.<key>" of package
// words, with args as pairs of name and value.
func newRefusal(field, key string, args ...string) Refusal {
	r := Refusal{Field: field, Key: key}
	filled := words.Args{}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args[args[i]], filled[args[i]] = args[i+1], args[i+1]
	}
	r.said = words.Text{Key: "problem.person." + key, Args: filled}
	r.Message = r.said.String()
	return r
}
