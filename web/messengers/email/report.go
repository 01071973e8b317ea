package email

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"

	"keypull/web/messengers"
)

// seal makes ids of letters that can be told from those of others when they come
// back.
type seal []byte

// id is what a letter is called at a domain: by its key, and the same each time
// it is sent, with a mark of whom it goes to.
func (s seal) id(key, to, domain string) string {
	return url.QueryEscape(key) + "." + s.mark(key, to) + "@" + domain
}

func (s seal) mark(key, to string) string {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(key + "\x00" + to))
	return hex.EncodeToString(mac.Sum(nil)[:10])
}

// key is that of a letter of ours to an address, by its id.
func (s seal) key(id, to string) (key string, ok bool) {
	local, _, _ := strings.Cut(id, "@")
	dot := strings.LastIndexByte(local, '.')
	if dot < 0 || to == "" {
		return "", false
	}
	key, err := url.QueryUnescape(local[:dot])
	return key, err == nil && hmac.Equal([]byte(local[dot+1:]), []byte(s.mark(key, to)))
}

// gone are the states of an address that nobody is reached at any more
// (RFC 3463): there is no such one, or it is closed.
var gone = regexp.MustCompile(`^5\.(1\.(1|2|3|6|10)|2\.1)$`)

// statusCode is one that may be repeated to people.
var statusCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)

// reported is what a report tells of a letter of ours (RFC 3464, RFC 8098).
// One that is about none of ours is somebody's trick, or lost its way.
func (a *account) reported(l *letter) []messengers.Event {
	groups := fields(l.notice)
	letters, recipients := [][]string{}, []string{}
	for _, g := range append(groups, fields(l.returned)...) {
		letters = append(letters, messageIDs(g.Get("Message-Id")), messageIDs(g.Get("Original-Message-Id")))
		for _, name := range []string{"To", "Original-Recipient", "Final-Recipient"} {
			recipients = append(recipients, recipient(g.Get(name)))
		}
	}
	for _, ids := range letters {
		for _, id := range ids {
			for _, to := range recipients {
				if key, ok := a.seal.key(id, to); ok {
					return a.events(groups, key, to)
				}
			}
		}
	}
	return nil
}

// events are what the groups of a report's fields say of a letter.
func (a *account) events(groups []textproto.MIMEHeader, key, to string) (all []messengers.Event) {
	for _, g := range groups {
		action := strings.ToLower(strings.TrimSpace(g.Get("Action")))
		status, _, _ := strings.Cut(strings.TrimSpace(g.Get("Status")), " ")
		switch {
		case action == "failed":
			e := messengers.Event{Kind: messengers.Undelivered, Reader: to, Address: to, Message: key, Fault: messengers.Permanent}
			if statusCode.MatchString(status) {
				e.Code = status
			}
			if gone.MatchString(status) {
				e.Fault = messengers.Blocked
			}
			all = append(all, e)
		case action == "delivered" || action == "relayed":
			all = append(all, messengers.Event{Kind: messengers.Delivered, Message: key})
		case strings.Contains(strings.ToLower(g.Get("Disposition")), "displayed"):
			all = append(all, messengers.Event{Kind: messengers.Read, Message: key})
		}
	}
	return all
}

// recipient is the address in a field such as "rfc822; ann@example.org".
func recipient(value string) string {
	if kind, rest, ok := strings.Cut(value, ";"); ok && !strings.Contains(kind, "@") {
		value = rest
	}
	address, _ := mailbox(decoded(value))
	return address
}

// fields reads groups of header fields, with empty lines between them.
func fields(b []byte) (groups []textproto.MIMEHeader) {
	const most = 20
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(bytes.TrimSpace(b), "\r\n\r\n"...))))
	for range most {
		g, err := r.ReadMIMEHeader()
		if len(g) > 0 {
			groups = append(groups, g)
		}
		if err != nil {
			break
		}
	}
	return groups
}
