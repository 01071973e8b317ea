package pull

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// Bounds of what a reply names of saved words: how many of them have a button that removes
// them, and from which pull of the same word on SAVE is offered.
const (
	removeAtMost = 3
	inviteFrom   = 3
)

// keepWords carries out what is about a reader's saved words and own lists.
func (w instructing) keepWords(ctx context.Context, c command.Command) *Reply {
	in := w.instruction
	keyword, argument, tapped := readSavedPayload(w.ask.Tap)
	switch {
	case w.ask.Tap == "" && in.Kind == instruction.UnsaveAll:
		ordering(w).noteCommand(c)
		return w.dropSaved()
	case c == command.My && w.ask.Tap == "" && in.Kind == instruction.Saved:
		ordering(w).noteCommand(c)
		return w.nameSaved()
	case c == command.My:
		return answering(w).answerSaved(ctx, w.tappedList(), time.Time{})
	}
	ordering(w).noteCommand(c)
	list := ""
	if in.Gaps[instruction.OnList] != "" {
		list = listName(in.Gaps[instruction.OnList])
	}
	var named []what.Candidate
	switch {
	case tapped:
		named = []what.Candidate{{Keyword: keyword, Argument: argument}}
	case w.ask.Tap == "":
		named = w.match.Candidates
	}
	if in.Kind == instruction.KeepOnly && w.ask.Tap == "" {
		return w.keepOnly(named)
	}
	if c == command.Unsave {
		if _, ok := w.ownList(list); !ok {
			list = "" // "from my saved ones" names none
		}
		return w.dropWords(named, list)
	}
	if len(named) == 0 {
		last := w.lastPulled()
		if last == nil {
			return w.local.replyOf(wordSaveWhat)
		}
		named = []what.Candidate{{Keyword: last.Keyword, Argument: last.Argument}}
	}
	if !w.mayKeep() {
		return w.askConsent(ctx)
	}
	return w.saveWords(named, list, in.Gaps[instruction.Unknown])
}

// lastPulled returns the last answer that a wish may be about, by what was asked for; nil where
// there is none.
func (w instructing) lastPulled() *who.Pull {
	switch {
	case w.passing.Last != nil:
		return w.passing.Last
	case len(w.reader.Recent) > 0:
		return &w.reader.Recent[0]
	}
	return nil
}

// keptOf returns a candidate as it is kept: with its phrase where that is what is looked up,
// and without what the keyword asks for by itself. A day by its date is none that would be
// asked for again.
func (w instructing) keptOf(k *keyword, c what.Candidate) who.Saved {
	argument := c.Argument
	own, byPhrase := k.defaultArgument()
	switch {
	case byPhrase && argument == "":
		argument = c.Phrase
	case argument == own:
		argument = ""
	case k.takesDays():
		if _, err := time.Parse(time.DateOnly, argument); err == nil {
			argument = ""
		}
	}
	if k.Slot == "" {
		argument = answering(w).parseArgument(k, argument)
	}
	return who.Saved{Keyword: k.ID, Argument: clipRunes(argument, moreRunes), At: w.ask.At}
}

// saveWords keeps words among the saved ones or on a list, and says what came of it.
func (w instructing) saveWords(named []what.Candidate, list, unknown string) *Reply {
	var kept, before, full []string
	why := who.Kept
	for _, c := range named {
		k := w.edition.keywordByID(c.Keyword)
		if k == nil {
			continue
		}
		s := w.keptOf(k, c)
		if s.Argument == "" && k.Query == "" && what.Argument(k.Argument) == what.ArgumentRequired {
			return answering(w).askForArgument(k)
		}
		s.List = list
		w.adoptMark(&s, k)
		name := w.local.candidateName(k, what.Candidate{Keyword: s.Keyword, Argument: s.Argument})
		r, did := w.reader.Keep(s)
		r.Invited = true
		switch did {
		case who.Kept:
			w.reader, kept = r, append(kept, name)
		case who.KeptBefore:
			before = append(before, name)
		default:
			full, why = append(full, name), did
		}
	}
	return w.confirmSaved(kept, before, full, list, why, unknown)
}

// adoptMark notes with a word that is kept what was told of it a moment ago.
func (w instructing) adoptMark(s *who.Saved, k *keyword) {
	for _, p := range w.reader.Recent {
		if p.Keyword == k.ID && p.Mark != "" && answering(w).isAbout(*s, k, p.Argument) {
			s.Mark, s.Pulled = p.Mark, p.LastAsked().At
			return
		}
	}
}

// confirmSaved says which words are kept now, and which are not and why.
func (w instructing) confirmSaved(kept, before, full []string, list string, why who.Keeping, unknown string) *Reply {
	var text []string
	switch {
	case list != "" && len(kept)+len(before) > 0:
		text = append(text, w.local.textOf(wordListed, "list", list, "names", w.listNames(w.namesOn(list))))
	case len(kept) > 0 && len(w.reader.Saved) == len(kept):
		text = append(text, w.local.textOf(wordSavedFirst, "names", w.listNames(kept)))
	case len(kept) > 0:
		text = append(text, w.local.textOf(wordSaved, "names", w.listNames(kept)))
	case len(before) > 0:
		text = append(text, w.local.textOf(wordSavedBefore, "names", w.listNames(before)))
	}
	if len(full) > 0 {
		n, word := who.MaxSaved, wordSavedFull
		switch {
		case why == who.TooManyLists:
			n, word = who.MaxLists, wordListsFull
		case why == who.NoRoom:
			word = wordNoRoom
		case list != "":
			n = who.MaxListed
		}
		text = append(text, w.local.textOf(word, "names", w.listNames(full), "n", n))
	}
	if unknown != "" {
		text = append(text, w.local.textOf(wordUnknown, "word", shortenText(unknown, quotedRunes)))
	}
	reply := &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Own: true, Text: strings.Join(text, " ")}}}
	if !w.channel.SMS && len(kept) > 0 {
		reply.Buttons = []Button{w.pullButton(list)}
	}
	return reply
}

// dropWords lets words go from the saved ones, or from a list.
func (w instructing) dropWords(named []what.Candidate, list string) *Reply {
	var gone, never []string
	for _, c := range named {
		k := w.edition.keywordByID(c.Keyword)
		if k == nil {
			continue
		}
		s := w.keptOf(k, c)
		var n int
		w.reader, n = w.reader.Drop(func(o who.Saved) bool {
			return o.List == list && w.edition.keywordByID(o.Keyword) == k && (o.Argument == s.Argument || c.Argument == "" && s.Argument == "")
		})
		name := w.local.candidateName(k, what.Candidate{Keyword: k.ID, Argument: s.Argument})
		if n > 0 {
			gone = append(gone, name)
		} else {
			never = append(never, name)
		}
	}
	if len(gone) == 0 {
		return w.local.replyOf(wordUnsaved, "keyword", w.listNames(never))
	}
	return w.local.replyOf(wordRemoved, "names", w.listNames(gone))
}

// dropLast lets the saved word go that the reader means without its name: the one that was kept or
// answered last. Where that was several, or one that isn't kept, it names those that are.
func (w instructing) dropLast() *Reply {
	if len(w.reader.Saved) == 0 {
		return nil
	}
	at := slices.MaxFunc(w.reader.Saved, func(a, b who.Saved) int { return a.At.Compare(b.At) }).At
	isMeant := func(s who.Saved) bool { return s.At.Equal(at) }
	if last := w.lastPulled(); last != nil && last.At.After(at) {
		k := w.edition.keywordByID(last.Keyword)
		several := len(w.reader.Recent) > 1 && w.reader.Recent[1].At.Equal(last.At)
		isMeant = func(s who.Saved) bool { return k != nil && !several && answering(w).isAbout(s, k, last.Argument) }
	}
	left, n := w.reader.Drop(isMeant)
	if n != 1 {
		return w.nameSaved()
	}
	name := w.savedName(w.reader.Saved[slices.IndexFunc(w.reader.Saved, isMeant)])
	w.reader = left
	ordering(w).noteCommand(command.Unsave)
	return w.local.replyOf(wordRemoved, "names", name)
}

// keepOnly lets all go that the reader keeps beside some words, where one of those is kept.
func (w instructing) keepOnly(named []what.Candidate) *Reply {
	isNamed := func(o who.Saved) bool {
		k := w.edition.keywordByID(o.Keyword)
		return k != nil && slices.ContainsFunc(named, func(c what.Candidate) bool {
			return c.Keyword == k.ID && (c.Argument == "" || w.keptOf(k, c).Argument == o.Argument)
		})
	}
	if !slices.ContainsFunc(w.reader.Saved, isNamed) {
		return w.nameSaved()
	}
	var gone []string
	for _, o := range w.reader.Saved {
		if !isNamed(o) {
			gone = append(gone, w.savedName(o))
		}
	}
	w.reader, _ = w.reader.Drop(func(o who.Saved) bool { return !isNamed(o) })
	return w.local.replyOf(wordRemoved, "names", w.listNames(gone))
}

// dropSaved lets all that the reader keeps go, on every list.
func (w instructing) dropSaved() *Reply {
	if len(w.reader.Saved) == 0 {
		return w.refuseNothingSaved("", time.Time{})
	}
	names := slices.Concat(w.namesOn(""), w.reader.Lists())
	w.reader, _ = w.reader.Drop(func(who.Saved) bool { return true })
	return w.local.replyOf(wordRemoved, "names", w.listNames(names))
}

// nameSaved names what the reader keeps, with taps to remove where that is little.
func (w instructing) nameSaved() *Reply {
	if len(w.reader.Saved) == 0 {
		return w.refuseNothingSaved("", time.Time{})
	}
	reply := w.local.replyOf(wordMyNames)
	lines := w.namesOn("")
	saved := len(lines)
	for _, list := range w.reader.Lists() {
		if names := w.namesOn(list); len(names) > 0 {
			lines = append(lines, list+": "+strings.Join(names, ", "))
		}
	}
	if len(lines) == 0 {
		return answering(w).withMenu(w.local.replyOf(wordNothingSaved))
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Lines: lines, Tight: true})
	if w.channel.SMS {
		return reply
	}
	reply.Buttons = []Button{w.pullButton("")}
	if saved > removeAtMost {
		return reply
	}
	for _, s := range w.shownOn("") {
		reply.Buttons = append(reply.Buttons, Button{
			Label: w.local.textOf(wordRemoveOne, "keyword", w.savedName(s)), Send: savedPayload(command.Unsave, s.Keyword, s.Argument),
		})
	}
	return reply
}

// shownOn returns what the reader keeps on a list, without what is for others by now.
func (w instructing) shownOn(list string) []who.Saved {
	return slices.DeleteFunc(w.reader.SavedOn(list), func(s who.Saved) bool {
		return w.edition.keywordByID(s.Keyword) == nil && w.edition.everything().keywordByID(s.Keyword) != nil
	})
}

// namesOn returns what that is called.
func (w instructing) namesOn(list string) (names []string) {
	for _, s := range w.shownOn(list) {
		names = append(names, w.savedName(s))
	}
	return names
}

// refuseNothingSaved says that nothing is kept, and how that is done.
func (w instructing) refuseNothingSaved(list string, since time.Time) *Reply {
	switch lists := w.reader.Lists(); {
	case !since.IsZero():
		return answering(w).withMenu(w.local.replyOf(wordNoMore))
	case list == "" && len(lists) > 0:
		reply := w.local.replyOf(wordMyNames)
		for _, name := range lists {
			reply.Blocks[0].Text += " " + name
			reply.Buttons = append(reply.Buttons, w.pullButton(name))
		}
		return reply
	}
	return answering(w).withMenu(w.local.replyOf(wordNothingSaved))
}

// refuseEmptyList says that nothing is on a list that is to be made of nothing, or deleted, and how
// something gets there; nil where the message runs a keyword.
func (w instructing) refuseEmptyList() *Reply {
	list := listName(w.instruction.Gaps[instruction.OnList])
	if list == "" || w.match.Decision == what.Run {
		return nil
	}
	ordering(w).noteCommand(command.Save)
	reply := w.local.replyOf(wordListEmpty, "list", list)
	made := instruction.Instruction{Kind: instruction.ListMake, Language: w.language, Gaps: map[string]string{
		instruction.OnList: list, instruction.Words: menu{w.local}.sampleWord(),
	}}
	if said := instruction.Say(made); said != "" && made.Gaps[instruction.Words] != "" {
		reply.Blocks[0].Text += " " + w.local.textOf(wordExample, "example", said)
	}
	return reply
}

// savedName is what a kept word is called.
func (w instructing) savedName(s who.Saved) string {
	k := w.edition.keywordByID(s.Keyword)
	if k == nil {
		return shortenText(s.Keyword+" "+s.Argument, labelRunes)
	}
	return w.local.candidateName(k, what.Candidate{Keyword: s.Keyword, Argument: s.Argument})
}

// pullButton pulls the saved words, or a list.
func (w instructing) pullButton(list string) Button {
	b := w.local.commandButton(wordButtonMy, command.My)
	if list != "" {
		b.Label += " " + list
		if send := b.Send + ":" + base64.RawURLEncoding.EncodeToString([]byte(list)); len(send) <= maxPayload {
			b.Send = send
		}
	}
	return b
}

// tappedList returns the list that a button pulls.
func (w instructing) tappedList() string {
	coded, ok := strings.CutPrefix(w.ask.Tap, tapCommand+string(command.My)+":")
	if !ok {
		return ""
	}
	list, err := base64.RawURLEncoding.DecodeString(coded)
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(string(list), "")
}

// listName returns by what name a list is kept.
func listName(typed string) string {
	name := textform.Normal(typed)
	return strings.TrimSpace(strings.ToValidUTF8(name[:min(len(name), who.MaxListName)], ""))
}

// ownList returns the reader's list of a name that was typed.
func (w instructing) ownList(typed string) (string, bool) {
	name := listName(typed)
	return name, name != "" && slices.Contains(w.reader.Lists(), name)
}

// dropList deletes one of the reader's lists.
func (w instructing) dropList(list string) *Reply {
	ordering(w).noteCommand(command.Unsave)
	w.reader, _ = w.reader.Drop(func(s who.Saved) bool { return s.List == list })
	return w.local.replyOf(wordListGone, "list", list)
}

// isAbout reports whether a kept word is what a keyword was asked for.
func (w answering) isAbout(s who.Saved, k *keyword, argument string) bool {
	if !k.isNamed(s.Keyword) {
		return false
	}
	return s.Argument == argument || w.savedArgument(k, what.Candidate{Argument: s.Argument}) == argument
}

// savedAbout returns the places of the kept words that mean a keyword with an argument.
func (w answering) savedAbout(k *keyword, argument string) (at []int) {
	for i, s := range w.reader.Saved {
		if w.isAbout(s, k, argument) {
			at = append(at, i)
		}
	}
	return at
}

// savedPayload returns what a button sends that keeps a word or lets it go.
func savedPayload(c command.Command, keyword, argument string) string {
	send := tapCommand + string(c) + ":" + keyword
	if argument != "" {
		send += "." + encodeArgument(argument)
	}
	if len(send) > maxPayload {
		return tapCommand + string(c)
	}
	return send
}

// readSavedPayload reads what savedPayload wrote.
func readSavedPayload(tap string) (keyword, argument string, ok bool) {
	_, rest, _ := strings.Cut(strings.TrimPrefix(tap, tapCommand), ":")
	keyword, coded, _ := strings.Cut(rest, ".")
	b, err := base64.RawURLEncoding.DecodeString(coded)
	if err != nil || keyword == "" {
		return "", "", false
	}
	return keyword, strings.ToValidUTF8(string(b), ""), true
}

// inviteSaving says once below an answer that a word can be saved: to who pulls the same for
// the third time.
func (w noting) inviteSaving(reply *Reply) {
	if reply == nil || w.trace.Outcome != journal.Answered || w.reader.Invited || w.reader.Question != nil || w.from != nil || len(w.trace.Wishes) > 0 || len(w.reader.Recent) == 0 ||
		w.ask.Group || w.ask.Fleeting || w.channel.Proxy || !(instructing(w)).mayKeep() {
		return
	}
	p := w.reader.Recent[0]
	k := w.edition.keywordByID(p.Keyword)
	if k == nil || p.Times < inviteFrom || !p.IsOf(w.ask.At) || len(answering(w).savedAbout(k, p.Argument)) > 0 {
		return
	}
	w.reader.Invited = true
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: w.local.textOf(wordInviteSave)})
	if !w.channel.SMS {
		reply.Buttons = append(reply.Buttons, Button{Label: w.local.textOf(wordButtonSave), Send: savedPayload(command.Save, p.Keyword, p.Argument)})
	}
}
