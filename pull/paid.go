package pull

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// maxPaidTerms is how many entries of a vocabulary are looked at for what tells of
// the end of paid things: more are no questions and answers.
const maxPaidTerms = 2000

// findPaidKeywords finds the keywords, and the entries that call one by themselves, that
// tell of the end of what readers pay for; those that only name such a thing come behind, those that
// ask how something ends and do not say what behind them ("when do you close"), and those that tell of
// what did not come last.
func (e *Edition) findPaidKeywords() []what.Candidate {
	var ends, names, unnamed, lacks []what.Candidate
	sort := func(c what.Candidate) {
		normal := textform.Normal(c.Phrase)
		switch said := command.ReadPaid(normal); {
		case said.Ends() && said.Names():
			ends = append(ends, c)
		case said.Ends():
			unnamed = append(unnamed, c)
		case said.Lacks():
			lacks = append(lacks, c)
		case !strings.Contains(normal, " ") && said.Names():
			names = append(names, c)
		}
	}
	for _, k := range e.order {
		for _, language := range slices.Sorted(maps.Keys(k.Phrases)) {
			for _, phrase := range k.Phrases[language] {
				sort(what.Candidate{Keyword: k.ID, Phrase: phrase, Language: language})
			}
		}
		terms := k.terms.Terms()
		if !k.Bare || len(terms) > maxPaidTerms {
			continue
		}
		for _, t := range terms {
			for _, name := range append([]string{t.Value}, t.Names...) {
				sort(what.Candidate{Keyword: k.ID, Argument: t.Value, Phrase: name, Language: t.Language})
			}
		}
	}
	return slices.Concat(ends, names, unnamed, lacks)
}

// paidOptions returns what the publisher has to say of the end of what readers pay for: what
// comes near to the message, else what there is, in the reader's language first.
func (w ordering) paidOptions() []who.Option {
	all := slices.Clone(w.edition.paid())
	slices.SortStableFunc(all, func(a, b what.Candidate) int {
		return cmp.Compare(w.languageRank(a), w.languageRank(b))
	})
	if w.match.Command == command.Paid {
		all = append(slices.Clone(w.match.Candidates), all...)
		slices.SortStableFunc(all, func(a, b what.Candidate) int { return cmp.Compare(w.paidRank(a), w.paidRank(b)) })
	}
	for len(all) > 0 {
		if k := w.edition.keywordByID(all[0].Keyword); k != nil && k.isAvailable(w.ask.At, w.edition.Zone) {
			return questions(w).optionsOf(all[:1])
		}
		all = all[1:]
	}
	return nil
}

// paidRank is 0 for what tells of what the message wants of a paid thing, 1 for what names none and ends it with the
// same word ("How do I cancel?"), 2 for what comes near: another end of it, or where it did not come what only names it.
// Else it is 3.
func (w ordering) paidRank(c what.Candidate) int {
	normal, asked := textform.Normal(cmp.Or(c.Phrase, c.Argument)), textform.Normal(w.ask.Text)
	said, wish := command.ReadPaid(normal), command.ReadPaid(asked)
	wants := wish.Ends()
	alike := wants && said.EndsLike(wish)
	switch {
	case wants != said.Ends():
		return 3
	case alike && said.Names(), !wants && said.Lacks():
		return 0
	case alike && slices.ContainsFunc(strings.Fields(normal), func(word string) bool {
		return command.Ends(word) && slices.ContainsFunc(strings.Fields(asked), func(other string) bool { return stem.Light(textform.Fold(other)) == stem.Light(textform.Fold(word)) })
	}):
		return 1
	}
	return 2
}

// languageRank is 0 for what is of the language of the answer, else 1.
func (w ordering) languageRank(c what.Candidate) int {
	if baseLanguage(c.Language) == baseLanguage(w.language) {
		return 0
	}
	return 1
}

// answerPaid answers a wish that something paid for ends, or that it comes, which nothing here
// does: with what the publisher says of it, else whom to turn to, and the way to stop the
// messages.
func (w ordering) answerPaid(ctx context.Context) *Reply {
	w.noteCommand(command.Paid)
	options := w.paidOptions()
	if len(options) > 0 && (w.ask.Tap != "" || w.reader.State == who.Stopped) {
		return answering(w).answerCandidate(ctx, what.Candidate{Keyword: options[0].Keyword, Argument: options[0].Argument})
	}
	said, alone := wordPaidSaid, wordPaid
	if wish := command.ReadPaid(textform.Normal(w.ask.Text)); !wish.Ends() && wish.Lacks() {
		said, alone = wordLackingSaid, wordLacking
	}
	stops := w.reader.State != who.Stopped && !w.channel.Proxy
	if len(options) > 0 {
		keyword, stop := options[0].Label, w.local.commandButton(wordStopHere, command.Stop)
		if stops {
			options = append(options, who.Option{Argument: strings.ToUpper(string(command.Stop)), Label: stop.Label})
		}
		reply := questions(w).askReader(said, who.Question{Options: options}, "publisher", w.edition.Name, "keyword", keyword)
		if stops {
			reply.Buttons[len(options)-1] = stop // whose press is STOP after the question is over, too
		}
		return reply
	}
	reply := w.local.replyOf(alone)
	reply.Blocks[0].Text += " " + w.contactText()
	reply.Buttons = []Button{w.humanButton()}
	if stops {
		reply.Buttons = append(reply.Buttons, w.local.commandButton(wordStopHere, command.Stop))
	}
	return reply
}

// paidButton leads from the answer to STOP to what the publisher says of paid things.
func (w ordering) paidButton() Button {
	if options := w.paidOptions(); len(options) > 0 {
		return Button{Label: options[0].Label, Send: tapCommand + string(command.Paid)}
	}
	return w.humanButton()
}

func (w ordering) humanButton() Button { return w.local.commandButton(wordButtonHuman, command.Human) }

// answerAbuse answers abuse with one line, and the ways out below it.
func (w ordering) answerAbuse() *Reply {
	reply := w.local.replyOf(wordCalm)
	if !w.channel.SMS {
		reply.Buttons = []Button{w.local.commandButton(wordStop, command.Stop), w.humanButton()}
	}
	return reply
}
