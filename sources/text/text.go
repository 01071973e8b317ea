// Package text is the source kind for answers that an editor writes down:
// opening hours, a pinned notice, house rules. It asks nobody; which answer is
// given depends on the reader's words and the moment of the ask alone.
package text

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:  "text",
	Words: own,
	Files: files,
	New:   func() sources.Opener { return &Settings{} },
}

// Settings configure a source of written answers.
type Settings struct {
	Answers []Answer `name:"answers" label:"Answers" help:"The answers; those with a beginning or an end come before those that always hold." check:"max=500" example:"[{ text = \"We are open from 9 to 17.\" }]"`
	Pasted  string   `name:"pasted" label:"Questions and answers" help:"More of them, pasted as a table with the columns questions and text, title, link, from, until, language where there are any, or as Markdown with a heading for each question." check:"max=500000" example:"questions,text" more:"true" is:"script"`
	File    string   `name:"file" label:"File of answers" help:"The same as a CSV or Markdown file. In the configuration file only." example:"faq.md" more:"true" local:"true"`
}

// Answer is one written answer.
type Answer struct {
	Text      string     `name:"text" label:"Text" help:"What readers are told; an empty line parts paragraphs." check:"required,max=8000"`
	Title     string     `name:"title" label:"Title" help:"Its first line, and a name to ask for it by. Answers of one title are variants." check:"max=200"`
	Questions []string   `name:"questions" label:"Questions" help:"What readers ask that it answers, in several wordings." check:"max=50" example:"How long does delivery take?, When will my parcel come?" more:"true"`
	Language  string     `name:"language" label:"Language" help:"That of the text and its questions. Not set: it is for readers of every language." check:"language" example:"en" more:"true"`
	Link      string     `name:"link" label:"Link" help:"A page that says more." check:"url" more:"true"`
	From      *time.Time `name:"from" label:"From" help:"Not before this moment." example:"2026-12-01T06:00:00+01:00" more:"true"`
	Until     *time.Time `name:"until" label:"Until" help:"Not after this moment." example:"2026-12-24T18:00:00+01:00" more:"true"`
}

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	var problems settings.Problems
	if len(s.Answers) == 0 && s.Pasted == "" && s.File == "" {
		problems = append(problems, settings.Wrong("answers", own.Text("no_answers", nil)))
	}
	_, wrong := readSheet(s.Pasted)
	for _, w := range wrong {
		problems = append(problems, settings.Wrong("pasted", w))
	}
	for i, a := range s.Answers {
		if a.From != nil && a.Until != nil && a.Until.Before(*a.From) {
			problems = append(problems, settings.Wrong(fmt.Sprintf("answers[%d].until", i), own.Text("ends_first", words.Args{"from": words.Field{Name: "answers.from"}, "until": words.Field{Name: "answers.until"}})))
		}
	}
	return problems
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	all, guessed, err := s.all(env)
	if err != nil {
		return nil, err
	}
	src := &source{clock: env.Clock, guessed: guessed, answers: make([]answer, len(all))}
	asked := false
	for i, a := range all {
		src.answers[i] = newAnswer(a)
		asked = asked || len(a.Questions) > 0
	}
	if asked {
		src.faq = newFAQ(src.answers, env.Languages)
	}
	return src, nil
}

// all returns the answers of the settings, then those that were pasted, then those
// of the file, with what was guessed of its encoding.
func (s *Settings) all(env sources.Env) (all []Answer, guessed string, err error) {
	pasted, _ := readSheet(s.Pasted)
	all = append(slices.Clone(s.Answers), pasted...)
	if s.File == "" {
		return all, "", nil
	}
	path, err := env.Local("file", s.File)
	if err != nil {
		return nil, "", err
	}
	text, guessed, err := readFile(path, env.Languages)
	if err != nil {
		return nil, "", err
	}
	filed, wrong := readSheet(text)
	if len(wrong) > 0 || len(filed) == 0 {
		wrong = append(wrong, own.Text("no_answers", nil))
		return nil, "", &pull.Error{Kind: pull.Invalid, Op: "read answers", Field: "file", Hint: wrong[0]}
	}
	return append(all, filed...), guessed, nil
}

type source struct {
	clock   func() time.Time
	answers []answer
	// guessed is what was guessed of the file's encoding; "" if nothing was.
	guessed string
	// faq is set if answers have questions; else nil.
	faq *FAQ
}

var (
	_ settings.Checker = (*Settings)(nil)
	_ pull.Speaker     = (*source)(nil)
	_ pull.Vocabulary  = (*source)(nil)
	_ pull.Questioned  = (*source)(nil)
	_ pull.Reached     = (*source)(nil)
)

// answer is an answer made ready.
type answer struct {
	item        what.Item
	questions   []string
	from, until *time.Time
}

func newAnswer(a Answer) answer {
	text := sources.Clean(a.Text)
	sum := sha256.Sum256([]byte(a.Title + "\x00" + text))
	var questions []string
	for _, q := range a.Questions {
		if q = sources.Line(q); q != "" {
			questions = append(questions, q)
		}
	}
	title := sources.Clean(a.Title)
	if title == "" && len(questions) > 0 {
		// Readers see which question is answered.
		title = questions[0]
	}
	return answer{
		from: a.From, until: a.Until, questions: questions,
		item: what.Item{
			ID: hex.EncodeToString(sum[:8]), Title: title, Language: a.Language,
			Summary: text, Body: text, Link: sources.SafeLink("", a.Link),
		},
	}
}

func (a answer) holds(at time.Time) bool {
	return (a.from == nil || !at.Before(*a.from)) && (a.until == nil || !at.After(*a.until))
}

// hasTimes says that the answer was written for a certain time.
func (a answer) hasTimes() bool { return a.from != nil || a.until != nil }

// FoundByItself says that what it holds is found by its words.
func (*source) FoundByItself() bool { return true }

// wayToReach is a mail address, or a telephone number.
var wayToReach = regexp.MustCompile(`\S@\S+\.\S|\d[\d /().-]{5,}\d`)

// TellsContact reports whether it is one answer, and says how somebody is reached.
func (s *source) TellsContact() bool {
	return s.faq == nil && len(s.answers) == 1 && wayToReach.MatchString(s.answers[0].item.Body)
}

// Key returns the same for every query.
func (*source) Key(pull.Query) (string, error) { return "text", nil }

// Fetch returns all answers; nobody is asked.
func (s *source) Fetch(ctx context.Context, _ string, _ *pull.Snapshot) (pull.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, sources.GivenUpError("read answers", err)
	}
	snapshot := pull.Snapshot{Fetched: s.clock(), Items: make([]what.Item, len(s.answers)), Warnings: sources.Warned(s.guessed, nil)}
	for i, a := range s.answers {
		snapshot.Items[i] = a.item
	}
	return snapshot, nil
}

// Select picks among the answers that hold at q.At: those written for a
// certain time where there are any, else those that always hold. With an
// argument it is the ones whose title or text has its words; without, they
// take turns by the minute. Where answers have questions, see FAQ.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if s.faq != nil {
		return s.faq.selectAnswers(s.there(snapshot, q), q), nil
	}
	found := s.holding(snapshot, q)
	if len(found) > 0 && sources.NewSearch(q.Argument).Empty() {
		turn := turnOf(len(found), q)
		found = slices.Concat(found[turn:], found[:turn])
	}
	return sources.Page(found, q), nil
}

// turnOf returns which of some things that are alike has its turn in the minute of a query.
func turnOf(count int, q pull.Query) int {
	minute, n := q.First().Unix()/60, int64(count)
	return int((minute%n + n) % n)
}

// holding returns the snapshot's answers that hold and have the words.
func (s *source) holding(snapshot pull.Snapshot, q pull.Query) []what.Item {
	there := s.there(snapshot, q)
	search := sources.NewSearch(q.Argument)
	return itemsOf(s.answers, func(a answer) bool {
		return there[a.item.ID] && a.holds(q.At) && search.Finds(a.item.Title, a.item.Body)
	})
}

// itemsOf returns the items of the answers that fit: of those written for a certain time where
// there are any, else of those that always hold.
func itemsOf(answers []answer, fits func(answer) bool) []what.Item {
	var timed, always []what.Item
	for _, a := range answers {
		switch {
		case !fits(a):
		case a.hasTimes():
			timed = append(timed, a.item)
		default:
			always = append(always, a.item)
		}
	}
	if len(timed) > 0 {
		return timed
	}
	return always
}

// ByQuestion reports whether answers have questions.
func (s *source) ByQuestion() bool { return s.faq != nil }

// there returns the answers of the snapshot that hold.
func (s *source) there(snapshot pull.Snapshot, q pull.Query) map[string]bool {
	came, there := map[string]bool{}, map[string]bool{}
	for _, it := range snapshot.Items {
		came[it.ID] = true
	}
	for _, a := range s.answers {
		if came[a.item.ID] && a.holds(q.At) {
			there[a.item.ID] = true
		}
	}
	return there
}

// Terms returns the titles, and the questions.
func (s *source) Terms(*pull.Snapshot) []what.Term {
	if s.faq != nil {
		return s.faq.Terms()
	}
	var terms []what.Term
	for _, a := range s.answers {
		if a.item.Title != "" {
			terms = append(terms, what.Term{Value: a.item.Title, Names: []string{a.item.Title}})
		}
	}
	return terms
}

// Say gives the answers as they were written.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply { return SayAnswers(items, v) }

// SayAnswers gives answers as they were written.
func SayAnswers(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	for _, it := range items {
		sources.AddBlocks(&r, pull.Block{Kind: pull.Title, Text: it.Title}, pull.Block{Kind: pull.Paragraph, Text: it.Body}, pull.Block{Kind: pull.Link, URL: it.Link})
	}
	return r
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items.
func (*Settings) Facts() []string { return []string{} }
