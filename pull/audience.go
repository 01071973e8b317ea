package pull

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/when"
	"keypull/pull/who"
)

// audience is for whom a keyword is, made ready. All that it names must hold.
type audience struct {
	languages, channels, groups, workspaces []string
	hours                                   when.Hours
	// codes are the sources of which one has given the reader a code, subscribers those of
	// which one knows the reader.
	codes, subscribers []string
	// full: who cannot be told apart since the source of subscribers is down gets the answer.
	full bool
	// names are what it is told by; the more, the more specific it is.
	names []string
	// number is its place among those of the edition.
	number int
}

// readAudience makes ready for whom a keyword is. One of whom nobody can tell is for nobody.
func (k *keyword) readAudience(p *catalogue.Publisher, sources map[string]*openedSource) error {
	if k.conduct == nil || len(k.Audience) == 0 {
		return nil
	}
	refuse := func(path, why string) error {
		k.Keyword, k.conduct = nil, nil
		return fmt.Errorf("%s: %s", path, why)
	}
	for _, f := range catalogue.CheckAudience(k.Keyword, p) {
		if f.Severity == catalogue.Error {
			return refuse(f.Path, f.Message)
		}
	}
	a := &audience{
		languages: k.Audience[catalogue.ByLanguage], channels: k.Audience[catalogue.ByChannel], groups: k.Audience[catalogue.ByGroup],
		workspaces: k.Audience[catalogue.ByWorkspace], full: k.Unsure == catalogue.UnsureFull,
	}
	for _, name := range catalogue.AudienceNames() {
		if len(k.Audience[name]) > 0 {
			a.names = append(a.names, name)
		}
	}
	var err error
	if a.hours, err = when.ParseHours(k.Audience[catalogue.ByHours]); err != nil {
		return refuse("audience.hours", err.Error())
	}
	for _, one := range k.Audience[catalogue.ByCode] {
		id, s := findSource(p, sources, one)
		if _, ok := s.(Joinable); !ok && s != nil {
			return refuse("audience.code", fmt.Sprintf("source %q gives no codes", one))
		}
		a.codes = append(a.codes, id)
	}
	for _, one := range k.Audience[catalogue.BySubscriber] {
		id, s := findSource(p, sources, one)
		if _, ok := s.(Personal); !ok && s != nil {
			return refuse("audience.subscriber", fmt.Sprintf("source %q is not told of readers", one))
		}
		a.subscribers = append(a.subscribers, id)
	}
	own := *k.conduct
	own.audience = a
	k.conduct = &own
	return nil
}

// findSource returns a source by an id that it has or had; nil where it could not be opened.
func findSource(p *catalogue.Publisher, sources map[string]*openedSource, id string) (string, Source) {
	for i := range p.Sources {
		if s := &p.Sources[i]; s.ID == id || slices.Contains(s.Formerly, id) {
			if opened := sources[s.ID]; opened != nil && opened.Problem == nil {
				return s.ID, opened.Source
			}
			return s.ID, nil
		}
	}
	return id, nil
}

// verdict is whether a keyword is for a reader, and by what it is not.
type verdict struct {
	stand stand
	lacks string
}

// stand is how a reader stands to a keyword.
type stand byte

// From nothing to all of it.
const (
	// hidden: it is for others, of whom this reader is none.
	hidden stand = iota
	// teased: a code or a subscription would open it.
	teased
	// asked: the source of subscribers has to be asked first.
	asked
	// open: it is for this reader.
	open
)

// stands name them in traces.
var stands = map[stand]string{hidden: "hidden", teased: "teaser", asked: "teaser", open: "open"}

// asker is what tells for whom an ask is answered.
type asker struct {
	ask      *Ask
	reader   *who.Reader
	language string
	zone     *time.Location
	joinable map[string]Joinable
	// apart says that the reader is known apart from others: neither a group nor a program.
	apart bool
	// isGroup reports whether an id, as the platform calls it, is that of the group which asks.
	isGroup func(id string) bool
	// subscribed is what the sources of subscribers have said.
	subscribed func(source string) subscription
	// like is the audience that is taken to fit, as in trials of its keyword; nil is none.
	like *audience
}

// judge says how the asker stands to an audience.
func (w *asker) judge(a *audience) verdict {
	switch {
	case a == w.like:
		return verdict{stand: open}
	case len(a.languages) > 0 && !slices.ContainsFunc(a.languages, w.speaks):
		return verdict{hidden, catalogue.ByLanguage}
	case len(a.channels) > 0 && !slices.Contains(a.channels, w.ask.Channel):
		return verdict{hidden, catalogue.ByChannel}
	case len(a.groups) > 0 && (!w.ask.Group || !slices.ContainsFunc(a.groups, w.isGroup)):
		return verdict{hidden, catalogue.ByGroup}
	case len(a.workspaces) > 0 && !slices.ContainsFunc(a.workspaces, w.worksIn):
		return verdict{hidden, catalogue.ByWorkspace}
	case !a.hours.Open(w.ask.At, w.zone):
		return verdict{hidden, catalogue.ByHours}
	case len(a.codes) > 0 && !slices.ContainsFunc(a.codes, w.hasJoined):
		return verdict{teased, catalogue.ByCode}
	}
	return w.judgeSubscriber(a)
}

// judgeSubscriber says how the asker stands to what an audience demands of subscribers.
func (w *asker) judgeSubscriber(a *audience) verdict {
	best := verdict{stand: open}
	for i, source := range a.subscribers {
		v := verdict{teased, catalogue.BySubscriber}
		if w.apart {
			switch s := w.subscribed(source); {
			case s == isSubscriber, s == isUnsure && a.full:
				v = verdict{stand: open}
			case s == isUnasked:
				v.stand = asked
			}
		}
		if i == 0 || v.stand > best.stand {
			best = v
		}
	}
	return best
}

// speaks reports whether the asker is answered in a language of an audience, which may
// leave the region open.
func (w *asker) speaks(language string) bool {
	return strings.EqualFold(language, w.language) || strings.EqualFold(language, baseLanguage(w.language))
}

func (w *asker) worksIn(workspace string) bool {
	return w.ask.Workspace != "" && strings.EqualFold(workspace, w.ask.Workspace)
}

// hasJoined reports whether the asker has sent a code of a source that still counts.
func (w *asker) hasJoined(source string) bool {
	by := w.joinable[source]
	return w.apart && by != nil && slices.ContainsFunc(w.reader.MembershipMarks(source), by.Counts)
}

// viewFor has the ask answered from what of the edition is for who asks, by what is known of
// subscribers so far. All that follows knows no other keywords.
func (w *work) viewFor(q *Request) {
	e := q.Edition
	if e.audienced == nil {
		return
	}
	known := &asker{
		ask: &w.ask, reader: &w.reader, language: w.languageBefore(), zone: e.Zone, joinable: e.joinable,
		apart:   w.isApart() && w.keeps(),
		isGroup: func(id string) bool { return w.cache.members.isGroup(&w.ask, id) },
		subscribed: func(source string) subscription {
			if s, ok := w.subscribed[source]; ok {
				return s
			}
			return w.cache.members.subscriptionOf(w.cache.members.subscriberID(e, w.ask.Reader, source), w.ask.At)
		},
	}
	if like := e.everything().keywordByID(q.Like); q.Like != "" && like != nil {
		known.like = like.audience
	}
	verdicts := make([]verdict, len(e.audiences))
	for i, a := range e.audiences {
		verdicts[i] = known.judge(a)
	}
	w.edition = e.viewOf(verdicts)
}

// isApart reports whether it is known that one reader alone asks.
func (w *work) isApart() bool { return !w.ask.Group && !w.channel.Proxy && !w.ask.Proxied }

// languageBefore returns the language that counts for audiences: what the reader chose, else
// what the platform says, else the publisher's first. Of a program it is what that says.
func (w *work) languageBefore() string {
	tags := []string{w.reader.Language, w.ask.Language}
	if w.channel.Proxy {
		slices.Reverse(tags)
	}
	for _, tag := range tags {
		if l, ok := w.edition.matchLanguage(tag); ok {
			return l
		}
	}
	return w.edition.Languages[0]
}

// shut is why a reader gets nothing of a keyword.
type shut struct {
	verdict
	// subscribers are the sources that can still say that it is for this reader.
	subscribers []string
}

// answerShut answers for a keyword that is for others: with the text that it has for them,
// else with a sentence that says so. Nil where it is for this reader.
func (w answering) answerShut(k *keyword) *Reply {
	if k.shut == nil {
		return nil
	}
	w.unsure = append(w.unsure, k.shut.subscribers...)
	w.reader.Cursor = nil
	if text := k.Teaser.In(w.language); text != "" {
		w.trace.Outcome = journal.Refused
		text = strings.ReplaceAll(text, "{reader}", string(w.ask.Reader))
		return w.withMenu(&Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: text}}})
	}
	word := wordForSubscribers
	if k.shut.lacks == catalogue.ByCode {
		word = wordForMembers
	}
	reply := w.refuseWith(word, "keyword", w.local.keywordName(k), "publisher", w.edition.Name)
	if word == wordForMembers && w.isApart() && !w.edition.UnderAge {
		reply.Blocks[0].Text += " " + w.local.textOf(wordSendCode)
	}
	return w.withMenu(reply)
}
