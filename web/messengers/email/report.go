package email

import (
	"bufio"
	"bytes"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// seal makes ids of letters that can be told from those of others when they come
// back.
type seal []byte

// id returns what a letter is called at a domain: by its key, and the same each time
// it is sent, with a mark of whom it goes to.
func (s seal) id(key, to, domain string) string {
	return url.QueryEscape(key) + "." + s.mark(key, to) + "@" + domain
}

func (s seal) mark(key, to string) string {
	return messengers.Signature{Secret: settings.Secret(s)}.Of([]byte(key + "\x00" + to))[:20]
}

// key returns that of a letter of ours to an address, by its id.
func (s seal) key(id, to string) (key string, ok bool) {
	local, _, _ := strings.Cut(id, "@")
	dot := strings.LastIndexByte(local, '.')
	if dot < 0 || to == "" {
		return "", false
	}
	key, err := url.QueryUnescape(local[:dot])
	return key, err == nil && messengers.Same(local[dot+1:], s.mark(key, to))
}

// gone are the states of an address that nobody is reached at any more
// (RFC 3463): there is no such one, or it is closed.
var gone = regexp.MustCompile(`^5\.(1\.(1|2|3|6|10)|2\.1)$`)

// statusCode is one that may be repeated to people.
var statusCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)

// reported returns what a report tells of a letter of ours (RFC 3464, RFC 8098).
// One that is about none of ours is somebody's trick, or lost its way.
func (a *account) reported(l *letter) []messengers.Event {
	groups := fields(l.notice)
	var ids, recipients []string
	for _, g := range append(groups, fields(l.returned)...) {
		ids = append(ids, messageIDs(g.Get("Message-Id")+g.Get("Original-Message-Id"))...)
		for _, name := range []string{"To", "Original-Recipient", "Final-Recipient"} {
			recipients = append(recipients, recipient(g.Get(name)))
		}
	}
	for _, id := range ids {
		for _, to := range recipients {
			if key, ok := a.seal.key(id, to); ok {
				return a.events(groups, key, to)
			}
		}
	}
	return nil
}

// events returns what the groups of a report's fields say of a letter.
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

// recipient returns the address in a field such as "rfc822; ann@example.org".
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

// A loop is the same words from one address loopTimes within loopWithin, each but
// the first so soon after an answer of ours as machines write; or a letter whose
// subject says that it is automatic. It has one answer, and then none for loopRest.
// A letter whose header says so has none at all (RFC 3834 §2): the one answer is
// that which it follows.
const (
	loopTimes  = 3
	loopWithin = 10 * time.Minute
	loopSoon   = time.Minute
	loopRest   = time.Hour
	// loopsKept is of how many addresses that is known.
	loopsKept = 5000
)

// automatic are the beginnings of the subjects of automatic replies, in the
// languages in which programs of mail and their servers write them.
var automatic = regexp.MustCompile(`(?i)^\W*(auto(matic)?[- ]?(reply|response)|auto[- ]?responder|autoreply|out of (the )?office|automatische (antwort|abwesenheitsnotiz)|abwesenheits(notiz|nachricht|assistent)|` +
	`(außer|nicht im) (haus|büro)|r[ée]ponse automatique|absence du bureau|absent du bureau|respuesta autom[áa]tica|fuera de la oficina|risposta automatica|fuori (sede|ufficio)|` +
	`resposta autom[áa]tica|fora do escrit[óo]rio|automatisch(e)? antwoord|afwezig(heid|heidsbericht)?:|autosvar|automatiskt svar|automatisk svar|automaattinen vastaus|` +
	`automatyczna odpowied[źz]|odpowied[źz] automatyczna|automatick[áa] odpov[ěe][ďd]|otomatik (yan[ıi]t|cevap)|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|` +
	`자동 ?(회신|응답)|自動(応答|返信|回覆)|自动(回复|答复)|رد تلقائي|balasan otomatis|स्वचालित उत्तर|ตอบกลับอัตโนมัติ)`)

// loops are the addresses whose letters may be answers of machines to ours.
type loops struct {
	mu sync.Mutex
	of map[string]*exchange
}

// exchange is what went to and fro with one address.
type exchange struct {
	answered time.Time
	// words are what it wrote last, and times when, each time so soon after an
	// answer; letters are the ids of all that were answered lately.
	words   string
	times   []time.Time
	letters []string
	// muted are words that are not answered until then; automatic is until when no
	// letter is that says itself that it is automatic.
	muted     string
	until     time.Time
	automatic time.Time
	// turns are its letters that answer ours and were answered in the last hour.
	turns []turn
}

type turn struct {
	id string
	at time.Time
}

// with returns the exchange with an address.
func (l *loops) with(address string) *exchange {
	if l.of == nil || len(l.of) > loopsKept {
		l.of = map[string]*exchange{}
	}
	x := l.of[address]
	if x == nil {
		x = &exchange{}
		l.of[address] = x
	}
	return x
}

// answers notes that an answer goes to an address.
func (l *loops) answers(address string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.with(address).answered = at
}

// closes reports whether a letter is part of a loop that had its answer; begun says
// that the loop was found just now, by this letter.
func (l *loops) closes(address, id, said string, automatic bool, at time.Time) (closed, begun bool) {
	said = strings.Join(strings.Fields(strings.ToLower(said)), " ")
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.with(address)
	switch {
	case slices.Contains(x.letters, id):
		return false, false
	case automatic && at.Before(x.automatic), said == x.muted && at.Before(x.until):
		return true, false
	case automatic:
		x.automatic, begun = at.Add(loopRest), true
	case x.repeats(said, at):
		x.muted, x.until, x.times, begun = said, at.Add(loopRest), nil, true
	}
	const letters = 8
	x.letters = append(x.letters, id)
	x.letters = x.letters[max(0, len(x.letters)-letters):]
	return false, begun
}

// takes reports whether a letter that answers ours is answered: most are in an hour, each
// once however often it comes.
func (l *loops) takes(address, id string, most int, at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.with(address)
	x.turns = slices.DeleteFunc(x.turns, func(t turn) bool { return at.Sub(t.at) >= time.Hour })
	switch {
	case slices.ContainsFunc(x.turns, func(t turn) bool { return t.id == id }):
		return true
	case most > 0 && len(x.turns) >= most:
		return false
	}
	x.turns = append(x.turns, turn{id, at})
	return true
}

// repeats notes words, and reports whether they come as often and as soon after
// answers as those of a machine.
func (x *exchange) repeats(said string, at time.Time) bool {
	if x.words != said || x.answered.IsZero() || at.Sub(x.answered) > loopSoon {
		x.words, x.times = said, nil
	}
	x.times = append(x.times, at)
	for at.Sub(x.times[0]) > loopWithin {
		x.times = x.times[1:]
	}
	return len(x.times) >= loopTimes
}

// follows notes a letter of a machine, which nothing answers, and reports whether a
// loop begins with it: an answer of ours went there not long ago.
func (l *loops) follows(address string, at time.Time) (begun bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.of[address]
	if x == nil || at.Sub(x.answered) > loopRest {
		return false
	}
	begun = !at.Before(x.automatic)
	x.automatic = at.Add(loopRest)
	return begun
}

// closed returns how many addresses are not answered now because of a loop, and until
// when the last of them is not.
func (l *loops) closed(now time.Time) (n int, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.of {
		if over := slices.MaxFunc([]time.Time{x.until, x.automatic}, time.Time.Compare); now.Before(over) {
			n, until = n+1, slices.MaxFunc([]time.Time{until, over}, time.Time.Compare)
		}
	}
	return n, until
}

// Remark says that machines answer each other.
func (a *account) Remark() words.Text {
	n, until := a.loops.closed(a.clock())
	if n == 0 {
		return words.Text{}
	}
	return own.Text("loop", words.Args{"n": n, "until": until.UTC().Format("15:04")})
}
