package email

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// nobody are those who write what no answer is wanted to.
var nobody = regexp.MustCompile(`^(mailer-daemon|mail-daemon|maildaemon|mailerdaemon|postmaster|bounces?|.*[-+._]bounces?|.*[-_.]?(no|do[-_.]?not)[-_.]?reply.*|nobody|listserv|majordomo|.*-(request|owner)|owner-.*)$`)

// byMachine tells whether a letter was written by a program, or to many
// (RFC 3834 §2, RFC 2919, RFC 2369): nothing answers it.
func (a *account) byMachine(l *letter) bool {
	local, _, _ := strings.Cut(l.from, "@")
	switch {
	case l.from == "" || l.from == a.address || l.answerTo == a.address || nobody.MatchString(local):
		return true
	case l.notice != nil || strings.HasPrefix(strings.ToLower(l.header.Get("Content-Type")), "multipart/report"):
		return true
	}
	if sender, ok := mailbox(decoded(l.header.Get("Sender"))); ok && sender == a.address {
		return true
	}
	if l.header.Has("Return-Path") && strings.TrimSpace(l.header.Get("Return-Path")) == "<>" {
		return true
	}
	if said, _, _ := strings.Cut(value(l, "Auto-Submitted"), ";"); strings.TrimSpace(said) != "" && strings.TrimSpace(said) != "no" {
		return true
	}
	switch value(l, "Precedence") {
	case "bulk", "list", "junk", "auto_reply":
		return true
	}
	suppressed := value(l, "X-Auto-Response-Suppress")
	return strings.Contains(suppressed, "all") || strings.Contains(suppressed, "oof") || strings.Contains(suppressed, "autoreply") || marked(l)
}

func value(l *letter, name string) string {
	return strings.ToLower(strings.TrimSpace(l.header.Get(name)))
}

// marked tells whether a header stands there that only lists and answering
// machines write.
func marked(l *letter) bool {
	for f := l.header.Fields(); f.Next(); {
		switch name := strings.ToLower(f.Key()); {
		case strings.HasPrefix(name, "list-"):
			return true
		case name == "x-autoreply", name == "x-autorespond", name == "x-autoresponder", name == "x-loop", name == "x-failed-recipients", name == "feedback-id":
			return true
		}
	}
	return false
}

// among tells whether a letter was written to others, and to us in copy.
func (a *account) among(l *letter) bool {
	return !a.named(l.header.Values("To")) && a.named(l.header.Values("Cc"))
}

func (a *account) named(values []string) bool {
	return strings.Contains(strings.ToLower(strings.Join(values, ",")), a.address)
}

// believed tells whether the mailbox's own server found the letter to be of whom
// it says (RFC 8601). Only the topmost word of that server counts: those below
// may be the sender's.
func (a *account) believed(l *letter) bool {
	if a.Verifier == "" {
		return true
	}
	for _, said := range l.header.Values("Authentication-Results") {
		server, results, _ := strings.Cut(strings.ToLower(said), ";")
		if name, _, _ := strings.Cut(strings.TrimSpace(server), " "); !strings.EqualFold(name, a.Verifier) {
			continue
		}
		return passes(results, l.from)
	}
	return false
}

// passes tells whether results say that the domain of an address is genuine: by
// DMARC, or by a signature of that very domain.
func passes(results, from string) bool {
	_, domain, _ := strings.Cut(from, "@")
	for result := range strings.SplitSeq(results, ";") {
		words := strings.Fields(result)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "dmarc=pass":
			return true
		case "dkim=pass":
			for _, w := range words[1:] {
				if w == "header.d="+domain || w == "header.i=@"+domain {
					return true
				}
			}
		}
	}
	return false
}

// remembered is of how many addresses it is known how often they were answered.
const remembered = 5000

// turns count the letters of each address that were answered in the last hour,
// each once however often it comes.
type turns struct {
	most int
	mu   sync.Mutex
	of   map[string][]turn
}

type turn struct {
	id string
	at time.Time
}

// take reports whether a letter is to be answered.
func (t *turns) take(address, id string, at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil || len(t.of) > remembered {
		t.of = map[string][]turn{}
	}
	recent := t.of[address][:0]
	for _, earlier := range t.of[address] {
		if at.Sub(earlier.at) < time.Hour {
			recent = append(recent, earlier)
		}
	}
	defer func() { t.of[address] = recent }()
	for _, earlier := range recent {
		if earlier.id == id {
			return true
		}
	}
	if t.most > 0 && len(recent) >= t.most {
		return false
	}
	recent = append(recent, turn{id: id, at: at})
	return true
}
