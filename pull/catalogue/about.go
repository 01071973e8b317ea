package catalogue

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"keypull/pull/template"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
)

// About is what is known of a source beside its settings. The zero value is that
// of one of which nothing is known.
type About struct {
	// Terms are the entries that it is known to answer. Named: each is asked for by
	// its name, so that a keyword without a query asks for the one that its phrase
	// names.
	Terms []what.Term
	Named bool
	// NoArgument: it has nothing to tell where no argument says of what. NoList: it
	// never says which entries it has.
	NoArgument, NoList bool
	// Opened: it could be opened. Codes: readers join it by a code. OfReader: it is told
	// who asks, so that it can say whether that is a subscriber.
	Opened, Codes, OfReader bool
	// Bookable: it tells times that are free. Takes: requests of readers can be handed to it.
	Bookable, Takes bool
	// Filled lists what the items have that it brought last, by the names that a
	// template knows; none where nobody knows. It may be nil.
	Filled func() []string
}

func (a About) filledNames() []string {
	if a.Filled == nil {
		return nil
	}
	return a.Filled()
}

// Answering is what a keyword's findings say of whether it answers.
type Answering int

// From well to not at all.
const (
	// Answers: nothing is known that would keep it from that.
	Answers Answering = iota
	// Partly: some of what it was set up for is not answered.
	Partly
	// Never: no message is answered by it.
	Never
)

// answering are the findings by which a keyword does not answer, by their keys.
var answering = map[string]Answering{
	keyAudienceUnknown: Never, keyAudienceNobody: Never, keyAudienceMost: Never, keyAudienceLong: Never, keyAudienceLanguage: Never,
	keyAudienceChannel: Never, keyAudienceSource: Never, keyAudienceNoCodes: Never, keyAudienceUntold: Never, keyAudienceHours: Never, keyAudienceWorkspace: Never,
	keyRequestNoTimes: Never, keyRequestNoHook: Partly, keyRequestTakesNone: Partly,
	keyEndsFirst: Never, keyAllCommands: Never, keyNoArgument: Never, CodeUnnamed: Never,
	keyNoList: Partly, keyEntryCommand: Partly, CodeUnfilled: Partly,
}

// AnswersBy says how far a keyword with these findings answers.
func AnswersBy(found []Finding) Answering {
	worst := Answers
	for _, f := range found {
		worst = max(worst, answering[f.Key])
	}
	return worst
}

// anyEntry is the query that asks for whatever a source brings first.
const anyEntry = "*"

// takesArgument reports whether readers may write something beside a phrase.
func (k *Keyword) takesArgument() bool {
	return k.Argument == string(what.ArgumentOptional) || k.Argument == string(what.ArgumentRequired)
}

// checkAnswerable finds what of a keyword can never be answered by such a source.
func (c *checker) checkAnswerable(k *Keyword, a About) {
	if a.NoArgument && !k.takesArgument() && (k.Query == "" && !a.Named || k.Query == anyEntry) {
		c.addFinding(Warning, "argument", CodeUnanswerable, keyNoArgument)
	}
	if a.NoList && k.Bare {
		c.addFinding(Warning, "bare", CodeUnanswerable, keyNoList)
	}
}

const (
	// maxHeard is how many names of a vocabulary are looked through for commands: more
	// are no questions and answers.
	maxHeard = 5000
	// mostTold bounds how many of them are told of one keyword.
	mostTold = 3
	// partStamp is the part of a reply that every answer has.
	partStamp = "stamp"
)

// heard is a name of an entry that is a command where nothing else is written.
type heard struct {
	name    string
	command command.Command
}

// findCommands has the names found that are commands, once somebody asks.
func (v *vocabulary) findCommands(by rules) {
	list := v.terms
	v.heard = sync.OnceValue(func() (all []heard) {
		for _, n := range list[:min(len(list), maxHeard)] {
			normal := textform.Normal(n.name)
			c, ok := command.Whole(normal)
			if !ok {
				c, ok = by.commands[normal]
			}
			if ok {
				all = append(all, heard{n.name, c})
			}
		}
		return all
	})
}

// checkTermsAsCommands warns of entries that call a keyword by themselves, in the place of which
// readers get a command. Behind a phrase they are none.
func (c *checker) checkTermsAsCommands(k *Keyword, v *vocabulary) {
	if !k.Bare {
		return
	}
	all := v.heard()
	for _, h := range all[:min(len(all), mostTold)] {
		c.addFinding(Warning, "bare", CodeReserved, keyEntryCommand, "phrase", h.name, "command", string(h.command))
	}
}

// checkAllCommands warns of a keyword of which every phrase is a command.
func (c *checker) checkAllCommands(e *entry, commands int) {
	if len(e.uses) == 0 || commands < len(e.uses) || e.keyword.Bare {
		return
	}
	ix := what.NewIndex([]what.Keyword{{ID: "k", Phrases: e.keyword.Phrases}}, what.Options{Reserved: c.reservedWords})
	if !slices.ContainsFunc(e.uses, func(u use) bool { return ix.Match(u.phrase, u.language).Decision != what.Reserved }) {
		c.addFinding(Warning, "phrases", CodeUnreachable, keyAllCommands)
	}
}

// unfilledParts warns of what a keyword's answers are to show and nothing has that its
// source brought last.
func unfilledParts(k *Keyword, a About) (found []Finding) {
	if len(k.Template)+len(k.Reply) == 0 {
		return nil
	}
	filled := a.filledNames()
	lacks := func(path, name string) {
		if len(filled) > 0 && name != partStamp && !slices.Contains(filled, name) {
			found = append(found, newFinding(Warning, path, CodeUnfilled, CodeUnfilled, "got", name, "known", strings.Join(filled, ", ")))
		}
	}
	for _, language := range slices.Sorted(maps.Keys(k.Template)) {
		// One that can't be read is told of elsewhere.
		if t, err := template.Parse(k.Template[language], nil); err == nil {
			for _, name := range t.Shows() {
				lacks(strings.TrimSuffix("template."+language, "."), name)
			}
		}
	}
	for i, p := range k.Reply {
		lacks("reply"+indexPath(i)+".show", p.Show)
	}
	return found
}
