package email

import (
	"context"
	"crypto/subtle"
	"net/http"
	"slices"

	"keypull/web/messengers"
)

// Receive reads a letter that is pushed: the raw bytes of it, from whoever knows
// the secret. Without one nobody may.
func (a *account) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !a.trusts(d.Header["Authorization"]) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	if d.Method != http.MethodPost {
		return messengers.Receipt{Status: http.StatusMethodNotAllowed}, nil
	}
	return a.understand(d.Body), nil
}

func (a *account) trusts(header []string) bool {
	secret := a.Secret.Reveal()
	if len(header) != 1 || secret == "" {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(header[0]), []byte("Bearer "+secret)) == 1
}

// understand is what a letter means: a question, word of what became of a letter
// of ours, or nothing.
func (a *account) understand(raw []byte) messengers.Receipt {
	l := open(raw)
	if l == nil {
		return messengers.Receipt{}
	}
	if l.notice != nil {
		return messengers.Receipt{Events: a.reported(l)}
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
	if a.answersOurs(l) && !a.turns.take(l.from, in.ID, a.clock()) {
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
