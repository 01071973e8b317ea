package people

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/words"
)

// Limits of what is written of a person, in characters.
const (
	MinEmail = 3
	MaxEmail = 254
	MaxName  = 80
)

// Person is somebody who works in the console.
type Person struct {
	// ID is 16 characters of a to z and 2 to 7, see NewID.
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
	// Language is the one the console speaks to them; empty until chosen.
	Language string `json:"language,omitempty"`
	// Zone is the IANA name by which times are shown; empty is UTC.
	Zone string `json:"zone,omitempty"`
	// NoKeys: single keys are no shortcuts of the console for them.
	NoKeys bool `json:"no_keys,omitempty"`
	Admin  bool `json:"admin,omitempty"`
	// Roles are by publisher id.
	Roles map[string]Role `json:"roles,omitempty"`
	// Hash is of the password, as Passwords.Hash wrote it; empty until one is
	// set. It leaves the process in no answer, see WithoutHash.
	Hash string `json:"hash,omitempty"`
	// Passkeys are what they may sign in by beside the password.
	Passkeys []Passkey `json:"passkeys,omitempty"`
	// Filters are the choices among lists that they saved, by name.
	Filters []Filter  `json:"filters,omitempty"`
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`
}

// Role returns what the person may do within a publisher, and false where that
// is nothing. The publisher "" is the installation, which is the admins' alone.
func (p Person) Role(publisher string) (Role, bool) {
	if p.Admin {
		return Admin, true
	}
	role, ok := p.Roles[publisher]
	return role, ok && publisher != "" && slices.Contains(Roles(), role)
}

// WithoutHash returns p as it may be shown.
func (p Person) WithoutHash() Person {
	p.Hash = ""
	p.Roles = maps.Clone(p.Roles)
	return p
}

// Check returns as Refusals all that is wrong with p, whose email must be
// normal already.
func (p Person) Check() error {
	var found Refusals
	if !isID(p.ID, idLength) {
		found = append(found, newRefusal("id", "id", "length", strconv.Itoa(idLength)))
	}
	if err := CheckEmail(p.Email); err != nil {
		found = append(found, Refused(err)...)
	}
	if p.Language != "" && !slices.Contains(words.Editors(), p.Language) {
		found = append(found, newRefusal("language", "language", "got", shownText(p.Language)))
	}
	if p.Zone != "" && !isZone(p.Zone) {
		found = append(found, newRefusal("zone", "zone", "got", shownText(p.Zone)))
	}
	found = append(found, checkName(p.Name, true)...)
	found = append(found, checkRoles(p.Roles)...)
	if len(found) > 0 {
		return found
	}
	return nil
}

// NormalEmail returns an address as it is kept and compared: without blanks
// around it and in small letters.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CheckEmail refuses what cannot be an address, of the field "email": only an
// email that arrives proves more. The address must be normal already.
func CheckEmail(email string) error {
	const field = "email"
	if n := utf8.RuneCountInString(email); n < MinEmail || n > MaxEmail {
		return newRefusal(field, "email_length", "min", strconv.Itoa(MinEmail), "max", strconv.Itoa(MaxEmail), "got", strconv.Itoa(n))
	}
	if !utf8.ValidString(email) || strings.ContainsFunc(email, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return newRefusal(field, "email_characters")
	}
	local, host, _ := strings.Cut(email, "@")
	if local == "" || host == "" || strings.Contains(host, "@") {
		return newRefusal(field, "email_at")
	}
	return nil
}

// checkName allows a name to be missing where it may be empty.
func checkName(name string, empty bool) Refusals {
	switch n := utf8.RuneCountInString(name); {
	case n > MaxName:
		return Refusals{newRefusal("name", "name_length", "max", strconv.Itoa(MaxName), "got", strconv.Itoa(n))}
	case !isLine(name):
		return Refusals{newRefusal("name", "characters")}
	case !empty && strings.TrimSpace(name) == "":
		return Refusals{newRefusal("name", "name_missing")}
	}
	return nil
}

func checkRoles(roles map[string]Role) Refusals {
	var found Refusals
	for _, publisher := range slices.Sorted(maps.Keys(roles)) {
		if !isPublisher(publisher) {
			found = append(found, newRefusal("roles", "publisher", "got", shownText(publisher)))
			continue
		}
		if !slices.Contains(Roles(), roles[publisher]) {
			found = append(found, newRefusal("roles."+publisher, "role_publisher"))
		}
	}
	return found
}

// isPublisher holds the form of ids that the catalogue asks for.
func isPublisher(id string) bool {
	if id == "" || len(id) > 32 || id[0] == '-' {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// isZone refuses "Local", which means another thing on every machine.
func isZone(name string) bool {
	if name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// isLine reports whether s is text without line ends and control characters.
func isLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// shownText returns what was written, short enough and fit for a sentence.
func shownText(s string) string {
	return cutRunes(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s), 40)
}

// cutRunes returns at most n characters of s, all of them whole.
func cutRunes(s string, n int) string {
	s = strings.ToValidUTF8(s, "?")
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
