package httpjson

import (
	"cmp"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// onScreen marks the lines that go with what stands above them; no text has such
// a sign, and none is shown.
var onScreen = messengers.Markup{Name: "screen", Italic: [2]string{"\x0e", "\x0f"}, Bullet: "- ", Escape: func(s string) string { return s }}

// menuTap asks for the menu.
const menuTap = "c:menu"

// dialogue is what is known of a session: what was typed so far, and what is
// shown.
type dialogue struct {
	reader string
	until  time.Time
	path   string
	// shown is the screen that answers path; "" while that is asked for.
	shown string
	// ask is what is asked for, and more how many screens on of its answer.
	ask  messengers.Incoming
	more int
	// pages are the screens of the last answer, page the one that is shown, and
	// options what its numbers send.
	pages   []string
	page    int
	options map[string]pull.Button
}

// dialogues are those under way, by their sessions.
type dialogues struct {
	mu sync.Mutex
	of messengers.Recent[string, *dialogue]
}

// Bounds of dialogues: for how long one is known, and how many are.
const (
	lifetime      = 5 * time.Minute
	mostDialogues = 10_000
	mostInputs    = 100
)

// in runs f on the dialogue of a session, which begins where there is none.
func (d *dialogues) in(session, reader string, now time.Time, f func(*dialogue)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.of.Get(session)
	if one == nil || !one.until.After(now) || one.reader != reader {
		one = &dialogue{reader: reader}
		d.of.Put(session, one)
	}
	one.until = now.Add(lifetime)
	f(one)
}

// hop returns one step of a dialogue: path is all that was typed so far. What can be
// shown without an ask is; the same step gets the same screen.
func (p *Partner) hop(in messengers.Incoming, session, path string, typed bool) messengers.Receipt {
	const longest = 1000
	if session == "" || !typed || len(path) > longest {
		return messengers.Receipt{} // a notice that the session has ended
	}
	r := messengers.Receipt{ContentType: "text/plain; charset=utf-8"}
	p.dialogues.in(session, in.Reader, p.clock(), func(d *dialogue) {
		if d.path != path || d.shown == "" && d.ask.ID == "" {
			p.walk(d, path)
		}
		if d.shown != "" {
			r.Body = []byte(d.shown)
			return
		}
		ask := in
		ask.ID, ask.Tap, ask.Text = hopID(session, path, p.profile.Screens.Separator), d.ask.Tap, d.ask.Text
		ask.InBand, ask.Fleeting, ask.Greeted = true, true, true
		d.ask.ID = ask.ID
		r.Asks = []messengers.Incoming{ask}
	})
	return r
}

// hopID names a step: a message that comes again has the same.
func hopID(session, path, separator string) string {
	hop := 0
	if path != "" {
		hop = 1 + strings.Count(path, separator)
	}
	return session + ":" + strconv.Itoa(hop) + ":" + messengers.Digest(path)[:16]
}

// walk follows what was typed: from where the dialogue stands, or from its
// beginning where it is not known.
func (p *Partner) walk(d *dialogue, path string) {
	of := p.profile.Screens
	var inputs []string
	if further, ok := strings.CutPrefix(path, d.path+of.Separator); ok && d.path != "" && d.shown != "" {
		inputs = []string{further}
	} else if d.path == "" && d.shown != "" && path != "" {
		inputs = []string{path}
	} else {
		*d = dialogue{reader: d.reader, until: d.until}
		p.begin(d)
		if path != "" {
			inputs = strings.SplitN(path, of.Separator, mostInputs)
		}
	}
	d.path, d.ask, d.more = path, messengers.Incoming{}, 0
	asked := len(inputs) == 0 && len(d.options) == 0
	if asked {
		d.ask.Tap = menuTap
	}
	for _, input := range inputs {
		asked = p.typed(d, messengers.Clean(input), asked)
	}
	if d.shown = ""; !asked {
		d.shown = p.show(d)
	}
}

// typed takes one input and tells whether something is to be asked for.
func (p *Partner) typed(d *dialogue, input string, asked bool) bool {
	of := p.profile.Screens
	option, offered := d.options[input]
	switch {
	case input == of.Menu:
		p.begin(d)
		if asked = len(d.options) == 0; asked {
			d.ask, d.more = messengers.Incoming{Tap: menuTap}, 0
		}
		return asked
	case input == of.More && asked:
		d.more++
	case input == of.More && d.page+1 < len(d.pages):
		d.page++
	case offered && !asked:
		d.ask, d.more = messengers.Incoming{Tap: option.Send, Text: option.Label}, 0
		return true
	case input != "":
		d.ask, d.more = messengers.Incoming{Text: input}, 0
		return true
	}
	return asked
}

// begin shows the menu: what can be asked, by numbers.
func (p *Partner) begin(d *dialogue) {
	d.pages, d.page, d.options = nil, 0, nil
	if p.greet == nil {
		return
	}
	greeting := p.greet("")
	name := ""
	if p.name != nil {
		name = p.name()
	}
	p.lay(d, name, greeting.Buttons, greeting.Language, true)
}

// lay puts a text and its numbered choices on screens; the menu needs no way to
// itself.
func (p *Partner) lay(d *dialogue, text string, buttons []pull.Button, language string, menu bool) {
	d.options = map[string]pull.Button{}
	lines := strings.Split(withoutLinks(text), "\n")
	for _, b := range buttons {
		if b.Send == "" || b.Send == menuTap {
			continue
		}
		number := strconv.Itoa(len(d.options) + 1)
		d.options[number] = b
		lines = append(lines, number+" "+b.Label)
	}
	way := "\n" + p.profile.Screens.Menu + " " + words.Core().Say(language, "command.menu", nil)
	more := "\n" + p.profile.Screens.More + " " + words.Core().Say(language, "reply.menu_more", nil) + way
	closing := way
	if menu {
		closing = ""
	}
	d.pages, d.page = p.pages(lines, more, closing), 0
}

// show returns the screen that a dialogue stands at. It goes on: each leads to more, or
// back to the menu.
func (p *Partner) show(d *dialogue) string {
	of := p.profile.Screens
	if len(d.pages) == 0 {
		return of.Ends
	}
	d.page = min(d.page, len(d.pages)-1)
	return of.Goes + d.pages[d.page]
}

// screen returns the response with an answer: the first of its screens, or the one
// that was asked for with it. What is not there in time is to be asked again.
func (r *Replier) screen(receipt messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	receipt.ContentType = "text/plain; charset=utf-8"
	if len(receipt.Asks) == 0 {
		return receipt
	}
	id := receipt.Asks[0].ID
	hash := strings.LastIndexByte(id, ':')
	session := id[:strings.LastIndexByte(id[:max(hash, 0)], ':')]
	r.dialogues.in(session, receipt.Asks[0].Reader, r.clock(), func(d *dialogue) {
		if d.ask.ID != id {
			d = &dialogue{} // it has gone on meanwhile
		}
		if len(said) == 0 || said[0].Why == messengers.Interim {
			language := ""
			if len(said) > 0 {
				language = said[0].Language
			}
			// Asked again, it is looked for again.
			r.lay(d, words.Core().Say(language, "reply.again_soon", nil), nil, language, false)
			receipt.Body, d.shown, d.options = []byte(r.show(d)), "", nil
			return
		}
		var texts []string
		var buttons []pull.Button
		for i := range said {
			texts, buttons = append(texts, said[i].Text), append(buttons, said[i].Buttons...)
		}
		r.lay(d, strings.Join(texts, "\n"), buttons, said[0].Language, false)
		d.page = d.more
		d.shown = r.show(d)
		receipt.Body = []byte(d.shown)
	})
	return receipt
}

// line is one of a screen; joined says that it stays with the one above.
type line struct {
	text   string
	joined bool
}

// pages lays lines on screens: cut between lines, words where one is too long,
// and a stamp never without what it is of. The last ends in closing, each other
// in more.
func (p *Partner) pages(raw []string, more, closing string) []string {
	const largest = 182
	of := p.profile.Screens
	most := min(cmp.Or(p.settings.Limits.Text, of.Most), largest)
	if whole := joinedLines(lines(raw, func(string) bool { return true })); whole != "" && fits(of.Goes+whole+closing, most) {
		return []string{whole + closing}
	}
	rest := lines(raw, func(s string) bool { return fits(of.Goes+s+more, most) })
	var pages []string
	for len(rest) > 0 {
		if whole := joinedLines(rest); fits(of.Goes+whole+closing, most) {
			return append(pages, whole+closing)
		}
		n := 1
		for n < len(rest) && fits(of.Goes+joinedLines(rest[:n+1])+more, most) {
			n++
		}
		for n > 1 && rest[n].joined {
			n--
		}
		pages = append(pages, joinedLines(rest[:n])+more)
		rest = rest[n:]
	}
	return pages
}

func joinedLines(lines []line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Join(texts, "\n")
}

// lines folds lines and wraps those that no screen has room for.
func lines(raw []string, hold func(string) bool) (all []line) {
	slanted := false
	for _, one := range raw {
		begins := strings.Contains(one, "\x0e")
		joined := slanted || begins
		slanted = (slanted || begins) && strings.LastIndex(one, "\x0f") <= strings.LastIndex(one, "\x0e")
		text := strings.TrimSpace(plainScreen(one))
		if text == "" {
			continue
		}
		for _, piece := range wrapped(text, hold) {
			all = append(all, line{text: piece, joined: joined && len(all) > 0})
			joined = false
		}
	}
	return all
}

// wrapped cuts a text between words, and where a word is too long within it.
func wrapped(text string, hold func(string) bool) (all []string) {
	now := ""
	for word := range strings.FieldsSeq(text) {
		for !hold(word) {
			cut := 0
			for i := range word {
				if i > 0 && !hold(word[:i]) {
					break
				}
				cut = i
			}
			if now != "" {
				all, now = append(all, now), ""
			}
			if cut == 0 {
				return all
			}
			all, word = append(all, word[:cut]), word[cut:]
		}
		next := strings.TrimSpace(now + " " + word)
		if !hold(next) {
			all, next = append(all, now), word
		}
		now = next
	}
	if now != "" {
		all = append(all, now)
	}
	return all
}
