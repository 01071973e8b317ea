package email

import (
	"net/mail"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// maxAddress is how long an address may be (RFC 5321 §4.5.3.1).
const maxAddress = 254

// mailbox reads an address as somebody wrote it, alone or with a name before
// it, and returns the one spelling that stands for it: small letters, the domain
// in ASCII.
func mailbox(written string) (string, bool) {
	parsed, err := mail.ParseAddress(strings.TrimSpace(written))
	if err != nil {
		return "", false
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	if at <= 0 {
		return "", false
	}
	domain, err := idna.Lookup.ToASCII(parsed.Address[at+1:])
	if err != nil || domain == "" {
		return "", false
	}
	address := strings.ToLower(parsed.Address[:at] + "@" + domain)
	if len(address) > maxAddress || strings.ContainsFunc(address, odd) {
		return "", false
	}
	return address, true
}

// odd are the characters that end an address, or a command that holds it.
func odd(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>"\,;:()[]`, r) }

// Identify takes an address in any spelling, or a link to it.
func (*account) Identify(typed string) (string, bool) {
	if rest, ok := strings.CutPrefix(typed, "mailto:"); ok {
		rest, _, _ = strings.Cut(rest, "?")
		if plain, err := url.PathUnescape(rest); err == nil {
			typed = plain
		}
	}
	return mailbox(typed)
}

// Link opens a letter to the address, with the words as its subject.
func (a *account) Link(words string) string {
	if words == "" {
		return "mailto:" + a.address
	}
	return "mailto:" + a.address + "?subject=" + url.PathEscape(words)
}
