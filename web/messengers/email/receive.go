package email

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"keypull/web/messengers"
)

// Receive reads a letter that is pushed: the raw bytes of it, from whoever knows
// the secret. Without one nobody may.
func (a *account) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if secret := a.Secret.Reveal(); secret == "" || !d.Shows("Authorization", "Bearer "+secret) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	if d.Method != http.MethodPost {
		return messengers.Receipt{Status: http.StatusMethodNotAllowed}, nil
	}
	return a.understand(d.Body), nil
}

// Room returns how large a letter may be that is pushed by whoever knows the secret.
func (a *account) Room(path, authorization string) int {
	d := messengers.Delivery{Header: map[string][]string{"Authorization": {authorization}}}
	if secret := a.Secret.Reveal(); path != "" || secret == "" || !d.Shows("Authorization", "Bearer "+secret) {
		return 0
	}
	return maxLetter
}

// understand returns what a letter means: a question, word of what became of a letter
// of ours, or nothing.
func (a *account) understand(raw []byte) messengers.Receipt {
	l := open(raw)
	if l == nil {
		return messengers.Receipt{}
	}
	if l.notice != nil {
		return messengers.Receipt{Events: a.reported(l)}
	}
	if p := a.posted(l); p != nil {
		if a.byMachine(l) {
			return messengers.Receipt{} // an answering machine is nobody's word
		}
		in := a.asked(l)
		in.Posted = p
		return messengers.Receipt{Asks: []messengers.Incoming{in}}
	}
	if a.among(l) || !a.believed(l) {
		return messengers.Receipt{}
	}
	if a.byMachine(l) && !a.unsubscribes(l) {
		a.looping(a.loops.follows(l.answerTo, a.clock()))
		return messengers.Receipt{}
	}
	in := a.asked(l)
	closed, begun := a.loops.closes(in.Address, in.ID, in.Text+in.Tap, automatic.MatchString(l.subject), a.clock())
	a.looping(begun)
	if closed {
		return messengers.Receipt{}
	}
	if a.answersOurs(l) && !a.loops.takes(l.from, in.ID, a.Hourly, a.clock()) {
		a.logger.Warn("an address answers our answers so often that it is not answered any more for a while", "answers_an_hour", a.Hourly)
		return messengers.Receipt{}
	}
	return messengers.Receipt{Asks: []messengers.Incoming{in}}
}

// looping logs that a loop was found.
func (a *account) looping(begun bool) {
	if begun {
		a.logger.Warn("an address answers our answers like a machine; the same is not answered for an hour")
	}
}

// answersOurs tells whether a letter says that it answers one of ours.
func (a *account) answersOurs(l *letter) bool {
	return slices.ContainsFunc(l.references, func(id string) bool {
		_, ours := a.seal.key(id, l.answerTo)
		return ours
	})
}

// stop is the subject of letters that the header of ours for it begins.
const stop = "STOP"

// unsubscribes tells letters that a program may have written for a reader: those
// that List-Unsubscribe asks for.
func (a *account) unsubscribes(l *letter) bool {
	return l.subject == stop && l.from != "" && l.from != a.address && l.answerTo != a.address && !marked(l)
}

// asked returns the ask that a letter is.
func (a *account) asked(l *letter) messengers.Incoming {
	in := messengers.Incoming{ID: identity(l), Reader: l.from, Address: l.answerTo, Attachments: l.files, Quote: chain(l)}
	in.Text, in.Tap = wanted(l)
	if subject, _ := bare(l.subject); subject != "" {
		in.Thread = "Re: " + subject
	}
	tag, _, _ := strings.Cut(l.header.Get("Content-Language"), ",")
	in.Language = strings.TrimSpace(tag)
	return in
}

// identity tells a letter from every other. Ids of letters are their writers'
// own, so that two writers may give the same.
func identity(l *letter) string {
	if l.id == "" {
		return messengers.Digest(l.from, l.id, l.header.Get("Date"), l.subject, l.plain+l.page)
	}
	return messengers.Digest(l.from, l.id)
}

// chain returns the ids of the letters before, and of this one, as an answer names
// them (RFC 5322 §3.6.4).
func chain(l *letter) string {
	if l.id == "" {
		return ""
	}
	ids := slices.DeleteFunc(slices.Clone(l.references), func(id string) bool { return id == l.id })
	const kept = 9
	if len(ids) > kept {
		ids = append(ids[:1], ids[len(ids)-kept+1:]...)
	}
	return "<" + strings.Join(append(ids, l.id), "> <") + ">"
}

// wanted returns what a letter asks: its subject, or, where that says nothing or the
// letter answers one, the first line that its writer wrote.
func wanted(l *letter) (text, tap string) {
	subject, answers := bare(l.subject)
	if subject != "" && !answers && !idle.MatchString(subject) {
		return pressed(subject)
	}
	if line := first(l); line != "" {
		return pressed(line)
	}
	return pressed(subject)
}

// idle are subjects that say nothing: what programs and people write where
// something has to stand.
var idle = regexp.MustCompile(`(?i)^[\s\p{P}]*(no subject|kein betreff|ohne betreff|sans objet|aucun objet|sin asunto|nessun oggetto|sem assunto|geen onderwerp|` +
	`(hi|hello|hey|hallo|guten tag|guten morgen|guten abend|bonjour|bonsoir|salut|hola|buenos días|buenas tardes|ciao|buongiorno|olá)( \p{L}+)?|` +
	`(a |une |eine |una )?(question|inquiry|enquiry|request|frage|anfrage|bitte|demande|pregunta|consulta|domanda|richiesta|pergunta|vraag))[\s\p{P}]*$`)

// press ends the subject of a letter that the press of a button begins.
var press = regexp.MustCompile(`^(.*?)\s*\[([a-z]:[^\[\]\s]{1,64})\]$`)

func pressed(line string) (text, tap string) {
	if m := press.FindStringSubmatch(line); m != nil {
		return m[1], m[2]
	}
	const most = 1000
	return messengers.Runes.Cut(line, most), ""
}

// prefix is what programs put before the subject of an answer, or of what they
// pass on, in the languages of the world.
var prefix = regexp.MustCompile(`(?i)^((re|aw|antw|antwort|sv|vs|vá|ref|rif|odp|r|res|ynt|ατ|回复|答复|回覆|fw|fwd|wg|tr|rv|enc|i|pd|doorst|vb|πρθ|转发|轉寄)(\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*)+`)

// bare returns a subject without such words, and whether there were any.
func bare(subject string) (rest string, answers bool) {
	rest = prefix.ReplaceAllString(subject, "")
	return rest, rest != subject
}

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
	if value(l, "Return-Path") == "<>" {
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
// DMARC, which names the domain that it looked at, or by a signature of that very
// domain.
func passes(results, from string) bool {
	_, domain, _ := strings.Cut(from, "@")
	for result := range strings.SplitSeq(bareResults(results), ";") {
		words := strings.Fields(result)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "dmarc=pass":
			return !slices.ContainsFunc(words[1:], func(w string) bool {
				of, named := strings.CutPrefix(w, "header.from=")
				ascii, _ := idna.Lookup.ToASCII(of)
				return named && ascii != domain
			})
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

// bareResults returns results without comments and quoted words: senders may have a say in
// these.
func bareResults(results string) string {
	var bare strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(results); i++ {
		switch c := results[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth = max(depth-1, 0)
		case depth == 0:
			_ = bare.WriteByte(c)
		}
	}
	return bare.String()
}
