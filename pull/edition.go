package pull

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"keypull/pull/catalogue"
	"keypull/pull/template"
	"keypull/pull/what"
	"keypull/pull/what/hashtable"
	"keypull/pull/what/instruction"
	"keypull/pull/what/slot"
	"keypull/pull/what/textform"
	"keypull/pull/when"
)

// Edition is one publisher's catalogue made ready to answer: immutable, and
// replaced as a whole when anything changes.
type Edition struct {
	ID        string
	Name      string
	Languages []string
	Zone      *time.Location
	// Contact and Privacy are the person whom readers may turn to, and where the
	// notice stands; empty if the publisher named none.
	Contact, Privacy string
	// UnderAge: readers may be children, of whom nothing is kept beyond the answer.
	UnderAge bool
	// StaffOnly: it is for the publisher's own people, who are told so.
	StaffOnly bool
	// Crisis is what stands before answers for a while.
	Crisis catalogue.Crisis
	// Channels maps the ids of channels to what the resolver must know of them.
	Channels map[string]Channel
	// Matcher is the publisher's own; nil if there is none.
	Matcher Matcher

	// audienced is there where some keyword is not for everybody; seen says of what readers
	// see then.
	*audienced
	seen []verdict
	// options are those of the index, and joinable the sources that readers join by a code.
	options  what.Options
	joinable map[string]Joinable

	people people
	index  matcher
	// takes: some keyword takes requests.
	takes bool
	// ids has the places in order by the ids that keywords have and had.
	ids   *hashtable.Table
	order []*keyword
	// listed are those of order that readers of a language know a name of; under
	// "" those of any.
	listed map[string][]*keyword
	// lists are keywords of the sources whose vocabularies readers are understood
	// by, one of each.
	lists []*keyword
	// featured are the ids of the keywords that the menu begins with.
	featured []string
	// paid are what tells of the end of what readers pay for, found when first asked.
	paid func() []what.Candidate
	// findable are the places whose items may be found, looked for when first needed.
	findable func() *findable
}

// matcher says what a message means: the index of the edition's keywords.
type matcher interface {
	Match(text string, languages ...string) what.Match
	Guess(text string, may func(instruction.Kind) bool, lists []string, languages ...string) (instruction.Instruction, bool)
}

// Channel is what an answer depends on of the channel it leaves by.
type Channel struct {
	// Counts: links in answers are counted.
	Counts bool
	// SMS channels bill by segment: there STOP is always final, and what is said
	// after it is no more than what readers are owed.
	SMS bool
	// Consent is the text that a reader must agree to before anything but the
	// answer is kept; empty where none is needed.
	Consent string
	// Guests: anybody may be as many readers of it as they like.
	Guests bool
	// Proxy: programs ask there in the place of readers, of whom they say nothing.
	// What is a reader's own, STOP among it, is not for there.
	Proxy bool
	// Data: replies bring their data along, for programs.
	Data bool
	// Laters: pulls may be ordered for a time although each message costs. Window is for how
	// long after a reader's message others than its answer may leave; 0 is without end.
	Laters bool
	Window time.Duration
	// Choices is how many can be chosen from at once; 0 where a text lists them.
	Choices int
	// Room is about how many characters a reply may have; 0 where nobody knows.
	Room int
	// Cut returns what the channel has no room for in a reply, as a reply of its own; false
	// where it tells all of it. Nil: nothing is ever cut.
	Cut func(Reply) (rest Reply, cut bool)
}

// Opened is a source of an edition, ready to be asked.
type Opened struct {
	Source
	Freshness catalogue.Freshness
	Refresh   string
	// NewKeys is how many keys a minute one asker may have fetched that nothing
	// is kept for; 0 is as many as come.
	NewKeys int
	// Mark tells these settings of the source from any others it had or will
	// have: a fingerprint of its kind and settings, of any bytes. Snapshots of
	// one mark never answer for another. Empty is a mark like any other.
	Mark string
	// Shared is Want.Shared of its snapshots.
	Shared string
	// Findable says whether its items may be found by their words alone; nil leaves that
	// to its kind.
	Findable *bool
	// Problem is why the source cannot be asked, where it could not be opened.
	Problem error
}

// SnapshotID returns where the snapshot of a key lies, for the source by that id.
func (o Opened) SnapshotID(publisher, source, key string) SnapshotID {
	return SnapshotID{Publisher: publisher, Source: source, Mark: o.Mark, Key: key}
}

// keyword is one keyword made ready. There may be a hundred thousand of them,
// so it points to what it shares.
type keyword struct {
	*catalogue.Keyword
	*conduct
}

// conduct is how a keyword answers: most of a source's do alike, and share it.
type conduct struct {
	source *Opened
	// terms are what its source is known to answer.
	terms     *what.Vocabulary
	freshness when.Freshness
	hours     when.Hours
	templates map[string]*template.Template
	// audience is for whom it answers; nil is everybody. shut tells why this reader gets
	// none of it, where it is there to say so alone.
	audience *audience
	shut     *shut
}

// NewEdition makes a publisher's catalogue ready. sources are by id; channels
// too. terms gives the vocabulary of a source by its id; former is the edition
// before a change; nil if there was none. Every keyword at
// fault is named in the error; the edition does without what cannot be used.
func NewEdition(p catalogue.Publisher, sources map[string]Opened, channels map[string]Channel, terms map[string]*what.Vocabulary, former *Edition) (*Edition, error) {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("publisher %s: time_zone: %w", p.ID, err)
	}
	e := &Edition{
		ID: p.ID, Name: p.Name, Languages: p.Languages, Zone: zone, Channels: channels,
		Contact: p.Contact, Privacy: p.Privacy, UnderAge: p.UnderAge, StaffOnly: p.StaffOnly, Crisis: p.Crisis, featured: p.Featured,
	}
	if len(e.Languages) == 0 {
		e.Languages = []string{"en"}
	}
	var problems []error
	e.people.Person = p.Person
	if e.people.hours, err = when.ParseHours(p.Person.Hours); err != nil {
		problems = append(problems, fmt.Errorf("person: hours: %w", err))
	}
	if s, ok := sources[p.Person.Calendar]; ok {
		e.people.calendar = &s
	}
	opened, all := newOpened(sources, terms), make([]keyword, len(p.Keywords))
	usable := make([]*keyword, 0, len(p.Keywords))
	for i := range p.Keywords {
		k, ready := &p.Keywords[i], &all[i]
		err := ready.makeReady(k, opened)
		if unread := ready.readAudience(&p, opened); unread != nil {
			err = errors.Join(err, unread)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("keyword %s: %w", k.ID, err))
		}
		if ready.conduct != nil {
			usable = append(usable, ready)
		}
	}
	e.options = what.Options{Publisher: p.Name, Autocorrect: what.Autocorrect(p.Autocorrect), Wishes: p.Wishes, Sure: what.Sure(p.Sure), Reserved: p.ReservedWords()}
	e.joinable = joinableOf(sources)
	e.settleAudiences(usable, opened, former.matchIndex())
	return e, errors.Join(problems...)
}

// setKeywords gives the edition its keywords; former is an index of most of their phrases,
// nil if there is none.
func (e *Edition) setKeywords(keywords []*keyword, former *what.Index) {
	e.order, e.ids, e.lists = keywords, hashtable.New(len(keywords)), nil
	e.listed = map[string][]*keyword{}
	entries := make([]what.Keyword, 0, len(keywords))
	for i, k := range keywords {
		e.ids.Set(e.ids.Hash(idHash, k.ID), int32(i))
		e.addToMenus(k)
		e.takes = e.takes || k.takesRequests()
		asked := matcherKeyword(k.Keyword, k.source, k.terms)
		_, asked.Several = k.source.Source.(Plural)
		entries = append(entries, asked)
	}
	for language, list := range e.listed {
		if len(list) == len(e.order) {
			e.listed[language] = e.order // most catalogues: all have a name in each language
		}
	}
	e.indexFormerIDs()
	e.listSources()
	e.paid = sync.OnceValue(e.findPaidKeywords)
	e.findable = sync.OnceValue(e.findFindable)
	o := e.options
	o.Former = former
	e.index = what.NewIndex(entries, o)
}

// addToMenus puts a keyword into the menu of each language that has a name for it.
func (e *Edition) addToMenus(k *keyword) {
	if e.keywordName(k, "") == "" || k.shut != nil {
		return
	}
	e.listed[""] = append(e.listed[""], k)
	for _, l := range e.Languages {
		for range k.shownPhrases(l, baseLanguage(l)) {
			e.listed[l] = append(e.listed[l], k)
			break
		}
	}
}

// menuKeywords returns the keywords that readers of one of the publisher's languages are
// shown: those that have a name in it. Where there are none at all, it is those
// of the publisher's first language, else whatever there is.
func (e *Edition) menuKeywords(language string) []*keyword {
	for _, l := range []string{language, e.Languages[0]} {
		if len(e.listed[l]) > 0 {
			return e.listed[l]
		}
	}
	return e.listed[""]
}

// matchIndex returns the index of an edition, for the next one to take over.
func (e *Edition) matchIndex() *what.Index {
	if e == nil {
		return nil
	}
	ix, _ := e.everything().index.(*what.Index)
	return ix
}

// openedSource is a source, and how keywords answer that say nothing of it.
type openedSource struct {
	Opened
	usual conduct
}

func newOpened(sources map[string]Opened, terms map[string]*what.Vocabulary) map[string]*openedSource {
	all := make(map[string]*openedSource, len(sources))
	for id, s := range sources {
		one := &openedSource{Opened: s}
		one.usual = conduct{source: &one.Opened, terms: terms[id], freshness: mergeFreshness(catalogue.Freshness{}, s.Freshness)}
		all[id] = one
	}
	return all
}

// sourceless answers keywords that take requests and need no source.
var sourceless = newOpened(map[string]Opened{"": {Source: noSource{}}}, nil)[""] //nolint:gochecknoglobals // it does not change

// makeReady makes a keyword ready; it has no conduct where it can't be used.
func (k *keyword) makeReady(of *catalogue.Keyword, sources map[string]*openedSource) error {
	s, ok := sources[of.Source]
	if of.Source == "" && of.Request.Kind != "" {
		s, ok = sourceless, true
	}
	if !ok {
		return fmt.Errorf("source %q is not there", of.Source)
	}
	if of.Freshness == (catalogue.Freshness{}) && len(of.Hours)+len(of.Template) == 0 {
		k.Keyword, k.conduct = of, &s.usual
		return nil
	}
	hours, err := when.ParseHours(of.Hours)
	if err != nil {
		return fmt.Errorf("hours: %w", err)
	}
	k.Keyword = of
	k.conduct = &conduct{source: &s.Opened, terms: s.usual.terms, hours: hours, freshness: mergeFreshness(of.Freshness, s.Freshness)}
	return k.readTemplates()
}

// readTemplates makes the templates ready. A keyword whose template cannot be
// used answers in its source's own words; a fact that no item has is left to
// the checks, since it harms nothing but the text.
func (k *keyword) readTemplates() error {
	if len(k.Template) == 0 {
		return nil
	}
	k.templates = make(map[string]*template.Template, len(k.Template))
	var problems []error
	for language, text := range k.Template {
		t, err := template.Parse(text, nil)
		if err != nil {
			problems = append(problems, fmt.Errorf("template: %w", err))
			continue
		}
		k.templates[language] = t
	}
	return errors.Join(problems...)
}

func matcherKeyword(k *catalogue.Keyword, source *Opened, terms *what.Vocabulary) what.Keyword {
	w := what.Keyword{ID: k.ID, Phrases: k.Phrases, Argument: what.Argument(k.Argument), Bare: k.Bare, Tie: k.Tie,
		Autocorrect: what.Autocorrect(k.Autocorrect), Slot: slot.Kind(k.Slot)}
	if k.Request.Kind != "" {
		w.Argument = what.ArgumentOptional // what stands beside the phrase is not asked
	}
	if w.Bare || w.Argument == what.ArgumentOptional || w.Argument == what.ArgumentRequired {
		w.Vocabulary = terms
		w.Whole, w.Dated = answersQuestions(source.Source) || k.Request.Kind != "", answersDays(source.Source)
		if s, ok := source.Source.(Wished); ok {
			w.Wish = s.IsWish
		}
	}
	return w
}

// FreshnessOf returns what a source says of how old its answers may be, with what is usual
// where it says nothing.
func FreshnessOf(source catalogue.Freshness) when.Freshness {
	return mergeFreshness(catalogue.Freshness{}, source)
}

// mergeFreshness lays the keyword's words over the source's.
func mergeFreshness(k, s catalogue.Freshness) when.Freshness {
	first := func(a, b *time.Duration, otherwise time.Duration) time.Duration {
		return *cmp.Or(a, b, &otherwise)
	}
	return when.Freshness{
		MaxAge:               cmp.Or(k.MaxAge, s.MaxAge),
		StaleWhileRevalidate: first(k.StaleWhileRevalidate, s.StaleWhileRevalidate, 0),
		StaleIfError:         first(k.StaleIfError, s.StaleIfError, 0),
		Deadline:             first(k.Deadline, s.Deadline, when.DefaultDeadline),
	}
}

// keywordName returns what a keyword is called in a language, else in the
// publisher's default, else in any, or "" if readers have no word for it. The id is
// never shown: it is the editors'.
func (e *Edition) keywordName(k *keyword, language string) string {
	for phrase := range e.keywordNames(k, language) {
		return phrase
	}
	return ""
}

// keywordNames walks the phrases of a keyword that can be shown, best first.
func (e *Edition) keywordNames(k *keyword, language string) iter.Seq[string] {
	return func(yield func(string) bool) {
		in := func(languages ...string) bool {
			for phrase := range k.shownPhrases(languages...) {
				if !yield(phrase) {
					return false
				}
			}
			return true
		}
		if in(language, baseLanguage(language)) && in(e.Languages...) {
			in(slices.Sorted(maps.Keys(k.Phrases))...)
		}
	}
}

// shownPhrases walks the phrases of a keyword in these languages that can be shown.
func (k *keyword) shownPhrases(languages ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, l := range languages {
			for _, phrase := range k.Phrases[l] {
				if shown := hasLetter(phrase) || textform.Normal(phrase) != ""; shown && !yield(phrase) {
					return
				}
			}
		}
	}
}

// hasLetter reports whether a phrase has a letter: the quick way to see that it can be
// shown.
func hasLetter(phrase string) bool { return strings.ContainsFunc(phrase, unicode.IsLetter) }

// Words returns how many phrases the edition knows, for logs.
func (e *Edition) Words() int {
	n := 0
	for _, k := range e.everything().order {
		for _, phrases := range k.Phrases {
			n += len(phrases)
		}
	}
	return n
}

// MatchingKeywords returns the ids of the keywords that a text may mean, best first.
// Nothing is answered.
func (e *Edition) MatchingKeywords(text string) []string {
	m := e.everything().index.Match(text, e.Languages...)
	var ids []string
	for _, c := range slices.Concat(m.Candidates, m.Runners) {
		if !slices.Contains(ids, c.Keyword) {
			ids = append(ids, c.Keyword)
		}
	}
	return ids
}

// Runs reports whether a text runs a keyword for sure.
func (e *Edition) Runs(text string) bool {
	m := e.everything().index.Match(text, e.Languages...)
	return m.Decision == what.Run && !m.Corrected
}

// matchLanguage returns the publisher's own tag for a language, and whether it has one.
func (e *Edition) matchLanguage(language string) (string, bool) {
	if language == "" {
		return "", false
	}
	if slices.Contains(e.Languages, language) {
		return language, true
	}
	same := func(l string) bool { return baseLanguage(l) == baseLanguage(language) }
	if at := slices.IndexFunc(e.Languages, same); at >= 0 {
		return e.Languages[at], true
	}
	return "", false
}

// answerLanguage returns the publisher's own tag for a language, or its first one.
func (e *Edition) answerLanguage(language string) string {
	if tag, ok := e.matchLanguage(language); ok {
		return tag
	}
	return e.Languages[0]
}

// readingLanguages lists the languages to read a message in, best first: these, as
// far as the publisher has them, and then all of the publisher's.
func (e *Edition) readingLanguages(tags ...string) []string {
	var all, others []string
	for _, tag := range tags {
		if l, ok := e.matchLanguage(tag); ok {
			all = append(all, l)
		} else if tag != "" {
			others = append(others, tag)
		}
	}
	return slices.Concat(all, e.Languages, others)
}

// baseLanguage returns a language tag without script and region.
func baseLanguage(tag string) string {
	if at := strings.IndexAny(tag, "-_"); at >= 0 {
		return tag[:at]
	}
	return tag
}

// AskedBy lists the ids of the keywords that ask a source, at most so many.
func (e *Edition) AskedBy(source string, most int) []string {
	var ids []string
	for _, k := range e.everything().order {
		if k.Source == source && len(ids) < most {
			ids = append(ids, k.ID)
		}
	}
	return ids
}
