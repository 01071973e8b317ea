package email

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"keypull/web/messengers"
)

// asked is the ask that a letter is.
func (a *account) asked(l *letter) messengers.Incoming {
	in := messengers.Incoming{
		ID: identity(l), Reader: l.from, Address: l.answerTo, Attachments: l.files,
		Quote: chain(l), Thread: answering(l.subject), Language: language(l),
	}
	in.Text, in.Tap = wanted(l)
	return in
}

// identity tells a letter from every other. Ids of letters are their writers'
// own, so that two writers may give the same.
func identity(l *letter) string {
	of := l.from + "\x00" + l.id
	if l.id == "" {
		of += "\x00" + l.header.Get("Date") + "\x00" + l.subject + "\x00" + l.plain + l.page
	}
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:16])
}

// chain are the ids of the letters before, and of this one, as an answer names
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

// language is what the letter says that it is written in.
func language(l *letter) string {
	tag, _, _ := strings.Cut(l.header.Get("Content-Language"), ",")
	if tag = strings.TrimSpace(tag); len(tag) > 35 {
		return ""
	}
	return tag
}

// wanted is what a letter asks: its subject, or, where that says nothing or the
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
	return cut(line), ""
}

// cut leaves of a line what an ask may be.
func cut(line string) string {
	const most = 1000
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most])
	}
	return line
}

// prefix is what programs put before the subject of an answer, or of what they
// pass on, in the languages of the world.
var prefix = regexp.MustCompile(`(?i)^(re|aw|antw|antwort|sv|vs|vá|ref|rif|odp|r|res|ynt|ατ|回复|答复|回覆|fw|fwd|wg|tr|rv|enc|i|pd|doorst|vb|πρθ|转发|轉寄)(\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*`)

// bare is a subject without such words, and whether there were any.
func bare(subject string) (rest string, answers bool) {
	for {
		found := prefix.FindString(subject)
		if found == "" {
			return subject, answers
		}
		subject, answers = subject[len(found):], true
	}
}

// answering is the subject of an answer to a letter: "" where that has none.
func answering(subject string) string {
	rest, _ := bare(subject)
	if rest == "" {
		return ""
	}
	return "Re: " + rest
}
