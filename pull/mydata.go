package pull

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/who"
)

// tellHeld says in plain words all that is held of the reader, how it is put right, and
// where all of it is as a file.
func (w ordering) tellHeld() *Reply {
	lines := w.heldLines()
	reply := &Reply{Language: w.language}
	add := func(b Block) {
		b.Own = true
		reply.Blocks = append(reply.Blocks, b)
	}
	if len(lines) == 0 {
		add(Block{Kind: Paragraph, Text: w.local.textOf(wordDataNothing)})
	} else {
		add(Block{Kind: Paragraph, Text: w.local.textOf(wordDataIntro, "publisher", w.edition.Name)})
		add(Block{Kind: Bullets, Lines: lines, Tight: true})
		reply.Blocks = append(reply.Blocks, w.rememberedChoices()...)
		add(Block{Kind: Paragraph, Text: w.local.textOf(wordDataCorrect)})
	}
	if w.channel.Counts {
		add(Block{Kind: Paragraph, Text: w.local.textOf(wordDataClicks)})
	}
	if link, until := w.fileLink(); link != "" {
		add(Block{Kind: Paragraph, Text: w.local.textOf(wordDataFile, "moment", w.local.momentText(until), "link", link)})
	}
	if text, ok := w.offerMove(); ok {
		add(Block{Kind: Paragraph, Text: text})
	}
	if w.edition.Contact != "" {
		add(Block{Kind: Paragraph, Text: w.contactText()})
	}
	if w.edition.Privacy != "" {
		add(Block{Kind: Paragraph, Text: w.local.textOf(wordNotice, "privacy", w.edition.Privacy), Tight: true})
	}
	return reply
}

// fileLink makes the link of the file with what is held; none where nothing is.
func (w ordering) fileLink() (link string, until time.Time) {
	if w.edition.UnderAge {
		return "", time.Time{}
	}
	return w.past.FileLink(&w.ask)
}

// heldLines words what the reader's document holds, and until when records are kept.
func (w ordering) heldLines() (lines []string) {
	r := &w.reader
	tell := func(word Word, name, value string) {
		if value != "" {
			lines = append(lines, w.local.textOf(word, name, value))
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return w.local.momentText(t)
	}
	tell(wordDataLanguage, "value", r.Language)
	tell(wordDataZone, "value", r.TimeZone)
	tell(wordDataSettings, "value", w.preferenceText())
	tell(wordDataSaved, "value", w.savedText(""))
	for _, list := range w.listNames() {
		lines = append(lines, list+": "+w.savedText(list))
	}
	tell(wordDataMember, "value", strings.Join(w.membershipNames(), ", "))
	var laters []string
	for _, l := range slices.Concat(r.Laters, r.Lapsed) {
		name := cmp.Or(l.Said, w.heldName(l.Keyword, l.Argument))
		laters = append(laters, strings.TrimSpace(at(l.Due)+" "+name))
	}
	tell(wordDataLaters, "value", strings.Join(laters, "; "))
	if r.Consent.Given {
		tell(wordDataConsent, "moment", at(r.Consent.At))
	} else if r.Consent.Refused {
		tell(wordDataRefused, "moment", at(r.Consent.At))
	}
	if r.State == who.Stopped {
		tell(wordDataStopped, "moment", at(r.Since))
	}
	if r.Talk != nil {
		tell(wordDataTalk, "moment", at(r.Talk.Since))
	}
	tell(wordDataRequests, "value", requesting(w).heldText())
	tell(wordDataFirst, "moment", at(r.First))
	if r.Asked != 0 {
		tell(wordDataLast, "day", when.Day(r.AskedOn(), w.ask.At, time.UTC, w.local.servedLanguage()))
	}
	var recent []string
	for _, p := range r.Recent {
		recent = append(recent, w.heldName(p.Keyword, p.Argument))
	}
	tell(wordDataRecent, "value", strings.Join(slices.DeleteFunc(recent, isBlank), ", "))
	tell(wordDataUnanswered, "value", strings.Join(w.unansweredTexts(), "; "))
	if r.Address != "" && !w.channel.Guests {
		tell(wordDataAddress, "value", r.Address)
	}
	if w.channel.Guests && w.keeps() {
		tell(wordDataCode, "value", w.ask.Reader.Code())
	}
	if len(lines) > 0 && len(r.Settled) > 0 && w.keeps() {
		tell(wordDataRecords, "moment", at(w.ask.At.Add(w.past.Kept())))
	}
	return lines
}

// unansweredTexts returns what stays written down of what was asked in vain, and of what a
// question that is open arose from.
func (w ordering) unansweredTexts() (all []string) {
	if miss := w.reader.Miss; miss != nil && w.ask.At.Sub(miss.At) <= missOpen {
		all = append(all, miss.Core)
	}
	if q := w.asked; q != nil && !isOwnPayload(q.Wish) {
		all = append(all, cmp.Or(q.Wish, q.Core, q.Said))
	}
	return slices.Compact(slices.DeleteFunc(all, isBlank))
}

func isBlank(s string) bool { return s == "" }

// preferenceText words what the reader told to remember.
func (w ordering) preferenceText() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(w.reader.Preferences)) {
		all = append(all, preferring(w).factLabel(name)+" "+w.reader.Preferences[name])
	}
	return strings.Join(all, ", ")
}

// savedText lists what stands on a list of the reader; "" for the saved words.
func (w ordering) savedText(list string) string {
	var all []string
	for _, s := range w.reader.Saved {
		if s.List == list {
			all = append(all, w.heldName(s.Keyword, s.Argument))
		}
	}
	return strings.Join(slices.DeleteFunc(all, isBlank), ", ")
}

// listNames returns the names of the reader's own lists.
func (w ordering) listNames() (names []string) {
	for _, s := range w.reader.Saved {
		if s.List != "" && !slices.Contains(names, s.List) {
			names = append(names, s.List)
		}
	}
	return names
}

// heldName returns what readers call a keyword with its argument, one that is gone by its
// argument alone.
func (w ordering) heldName(id, argument string) string {
	k := w.edition.keywordByID(id)
	if k == nil {
		return argument
	}
	if argument == k.Query {
		argument = ""
	}
	return cmp.Or(w.local.candidateName(k, what.Candidate{Keyword: id, Argument: argument}), argument)
}
