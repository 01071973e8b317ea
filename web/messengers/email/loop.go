package email

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"keypull/pull/words"
)

// A loop is the same words from one address loopTimes within loopWithin, each so
// soon after an answer of ours as machines write. They are answered no more for
// loopRest.
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
	words    string
	// soon are the letters with the same words that came so soon after an answer,
	// letters the ids of all that were looked at lately.
	soon    []time.Time
	letters []string
	// muted are words that are not answered until then.
	muted string
	until time.Time
}

// with is the exchange with an address.
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

// closes reports whether a letter is part of a loop, and is not to be answered;
// begun says that it was found just now.
func (l *loops) closes(address, id, said string, at time.Time) (closed, begun bool) {
	said = strings.Join(strings.Fields(strings.ToLower(said)), " ")
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.with(address)
	if x.muted == said && at.Before(x.until) {
		return true, false
	}
	for _, known := range x.letters {
		if known == id {
			return false, false
		}
	}
	const letters = 8
	x.letters = append(x.letters, id)
	x.letters = x.letters[max(0, len(x.letters)-letters):]
	if soon := !x.answered.IsZero() && at.Sub(x.answered) <= loopSoon; !soon || x.words != said {
		x.words, x.soon = said, nil
		if !soon {
			return false, false
		}
	}
	x.soon = append(x.soon, at)
	for len(x.soon) > 0 && at.Sub(x.soon[0]) > loopWithin {
		x.soon = x.soon[1:]
	}
	if len(x.soon) < loopTimes {
		return false, false
	}
	x.muted, x.until, x.soon = said, at.Add(loopRest), nil
	return true, true
}

// closed is how many addresses are not answered now because of a loop, and until
// when the last of them is not.
func (l *loops) closed(now time.Time) (n int, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.of {
		if now.Before(x.until) {
			n++
			if x.until.After(until) {
				until = x.until
			}
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
