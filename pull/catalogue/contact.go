package catalogue

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// checkContact finds a contact that nobody could turn to: a broken address is worse
// than none. Words are left to the editor.
func (p *Publisher) checkContact() settings.Problems {
	c := strings.TrimSpace(p.Contact)
	if c == "" && p.Contact == "" || c != "" && reachable(c) {
		return nil
	}
	return settings.Problems{settings.Wrong("contact", words.Text{Key: "catalogue.contact_odd"})}
}

func reachable(contact string) bool {
	if strings.ContainsFunc(contact, unicode.IsControl) {
		return false
	}
	if strings.ContainsFunc(contact, unicode.IsSpace) {
		return strings.ContainsFunc(contact, unicode.IsLetter) || isTelephone(contact)
	}
	switch {
	case strings.Contains(contact, "://"):
		u, err := url.Parse(contact)
		return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
	case strings.Contains(contact, "@"):
		a, err := mail.ParseAddress(contact)
		return err == nil && a.Address == contact && strings.Contains(contact[strings.LastIndex(contact, "@"):], ".")
	}
	return strings.ContainsFunc(contact, unicode.IsLetter) || isTelephone(contact)
}

// isTelephone takes what people write of a telephone number.
func isTelephone(contact string) bool {
	const least, most = 3, 15
	digits := 0
	for _, r := range contact {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune("+-/(). \u00a0", r):
			return false
		}
	}
	return digits >= least && digits <= most
}
