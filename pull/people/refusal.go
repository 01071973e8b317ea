package people

import (
	"errors"
	"strings"
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
}

// Error is the field and the sentence.
func (r Refusal) Error() string { return r.Field + ": " + r.Message }

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

// refuse words the sentence of that key, with args as pairs of name and value.
func refuse(field, key string, args ...string) Refusal {
	r := Refusal{Field: field, Key: key, Message: sentences[key]}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args[args[i]] = args[i+1]
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	r.Message = strings.NewReplacer(pairs...).Replace(r.Message)
	return r
}

// sentences holds the English of every key.
var sentences = map[string]string{
	"role":              `Write one of viewer, editor, owner or admin, not "{got}".`,
	"role_publisher":    `Write one of viewer, editor or owner; admin is a right of the whole installation.`,
	"publisher":         `Write the id of a publisher: 1 to 32 small letters, digits or hyphens, the first no hyphen, not "{got}".`,
	"id":                `Write {length} characters of a to z and 2 to 7.`,
	"email_length":      `Write an email address of {min} to {max} characters; this has {got}.`,
	"email_at":          `Write an email address with one @, and a name before and a host behind it.`,
	"email_characters":  `Write an email address without blanks and invisible characters.`,
	"name_length":       `Write a name of at most {max} characters; this has {got}.`,
	"name_missing":      `Write a name by which you will know it again.`,
	"characters":        `Write plain text on one line.`,
	"language":          `Choose en, fr or de, not "{got}".`,
	"zone":              `Write an IANA time zone, such as Europe/Paris, not "{got}".`,
	"password_short":    `Choose a password of at least {min} characters; this has {got}.`,
	"password_long":     `Choose a password of at most {max} characters.`,
	"password_text":     `Choose a password of plain text: this holds bytes that are not UTF-8.`,
	"password_email":    `Choose a password that is not your email address, nor the part before the @.`,
	"password_common":   `Choose another password: this is one of the first that anybody would try.`,
	"token":             `Write a token as it was shown once: kp_, its id, and its secret.`,
	"expires_past":      `Choose an end that lies ahead.`,
	"publisher_missing": `Choose a publisher; only an admin's invite may name none.`,
}
