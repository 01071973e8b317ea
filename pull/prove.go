package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/proof"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
)

// Proofs prove answers, by what is kept of them anyway.
type Proofs interface {
	// CodeOf returns the code of the answer to an ask; "" where there is none.
	CodeOf(ctx context.Context, publisher string, ask uint64, at time.Time) proof.Code
	// Latest returns the code of the last answer among these asks of a reader, the
	// latest last. pull.Unknown says that there is none that is kept, pull.Denied that
	// it may not be proved.
	Latest(ctx context.Context, publisher string, asks []uint64) (proof.Code, error)
	// Check proves what a code or a signed text says. Whatever it does not prove is
	// pull.Unknown; pull.Limited says that a reader has tried too often.
	Check(ctx context.Context, publisher string, by who.Key, said Checked) (Proven, error)
	// Page is where everybody may look a code up.
	Page(publisher string, c proof.Code) string
}

// Checked is what is to be proved: a code, or else a message that holds a signed text.
type Checked struct {
	Code proof.Code
	Text string
}

// Proven is an answer that was proved, and what became of it since.
type Proven struct {
	proof.Statement

	// Withdrawn: what it told is told nobody any more; then the statement is without
	// it. Corrections are what is said beside it by now.
	Withdrawn   bool
	Corrections []string
	// Text proves the same by itself; "" where there is none.
	Text string
}

// Since returns what was proved with what became of it since.
func (c *Cache) Since(ctx context.Context, s proof.Statement) (Proven, error) {
	p := Proven{Statement: s}
	set, err := c.withdrawals.rulesFor(ctx, s.Publisher, EverySource)
	if err != nil || set == nil {
		return p, err
	}
	for _, it := range s.Items {
		item := what.Item{ID: it.ID, Title: it.Title, Link: it.Link}
		p.Withdrawn = p.Withdrawn || set.Gone(it.Source, &item)
		p.Corrections = append(p.Corrections, set.Lines(it.Source, &item)...)
	}
	told := make([]withdrawal.Told, 0, len(s.Items))
	p.Withdrawn = p.Withdrawn || set.Tells(told, []string{s.Told}, time.Unix(s.Sent, 0))
	p.Corrections = slices.Compact(p.Corrections)
	if p.Withdrawn {
		p.Told = ""
		p.Items = slices.Clone(p.Items)
		for i, it := range p.Items {
			p.Items[i] = proof.Item{Source: it.Source}
		}
	}
	return p, nil
}

// tellsPrivately notes that what is told depends on who asks, so that it can be proved to
// nobody else.
func (w asking) tellsPrivately(k *keyword, q Query) {
	w.private = w.private || len(q.Reader) > 0 || len(k.Audience) > 0
}

// addProof gives an answer its code, where it may be proved and stays kept.
func (w noting) addProof(ctx context.Context, reply *Reply) {
	if w.proofs == nil || reply == nil || w.trace.Outcome != journal.Answered || w.private || len(reply.allTold()) == 0 {
		return
	}
	if !w.keeps() {
		return
	}
	reply.Proof = w.proofs.CodeOf(ctx, w.edition.ID, w.ask.ID, w.ask.At)
}

// allTold returns the items that a reply tells, also those of joined answers.
func (r *Reply) allTold() []withdrawal.Told {
	all := r.Tells
	for _, a := range r.Answers {
		all = append(slices.Clip(all), a.Tells...)
	}
	return all
}

// Prove returns what is said of an answer, by what is kept of it: neither the reader nor
// what was asked for beside the keyword, where the items do not have it themselves.
func (r *Reply) Prove(t *journal.Trace) proof.Statement {
	s := proof.Statement{Code: r.Proof}
	when, arguments := t.When, []string{t.What.Argument}
	if len(t.Wishes) == 0 {
		s.Keywords = []string{t.What.Keyword}
	}
	for _, wish := range t.Wishes {
		if wish.Outcome == journal.Answered {
			s.Keywords, arguments = append(s.Keywords, wish.Keyword), append(arguments, wish.Argument)
			if wish.When.AsOf.Before(when.AsOf) {
				when = wish.When
			}
		}
	}
	s.AsOf, s.Fetched = unixOf(when.AsOf), unixOf(when.Fetched)
	told := r.allTold()
	for _, it := range told {
		s.Items = append(s.Items, proof.Item{Source: it.Source, ID: it.ID, Link: it.Link})
	}
	titles, text := r.toldTexts()
	if len(titles) != len(told) {
		titles = r.listedTitles()
	}
	if len(titles) == len(told) {
		for i, title := range titles {
			s.Items[i].Title = title
		}
	}
	s.Told = text
	for _, argument := range arguments {
		s = withoutArgument(s, argument)
	}
	return s
}

func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// toldTexts returns the titles in a reply, and all that it says of items in one text.
func (r *Reply) toldTexts() (titles []string, text string) {
	var lines []string
	for _, b := range r.Blocks {
		if b.Own || b.Kind == Stamp || b.Kind == Note || b.Kind == Link {
			continue
		}
		if b.Kind == Title {
			titles = append(titles, b.Text)
		}
		lines = append(append(lines, b.Text), b.Lines...)
		for _, f := range b.Facts {
			lines = append(lines, strings.TrimPrefix(f.Label+": "+f.Value, ": "))
		}
	}
	return titles, strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" }), "\n")
}

// listedTitles returns the entries of a list: lines that stand each above its link, or the lines
// of the one block that has any.
func (r *Reply) listedTitles() (titles []string) {
	for i, b := range r.Blocks {
		switch {
		case b.Own:
		case b.Kind == Paragraph && i+1 < len(r.Blocks) && r.Blocks[i+1].Kind == Link && r.Blocks[i+1].Tight:
			titles = append(titles, b.Text)
		case b.Kind == Bullets:
			titles = append(titles, b.Lines...)
		}
	}
	return titles
}

// withoutArgument leaves out what repeats the words of the reader and is not what the
// items are known by.
func withoutArgument(s proof.Statement, argument string) proof.Statement {
	words := withdrawal.Words(argument)
	if words == "" {
		return s
	}
	for _, it := range s.Items {
		if strings.Contains(withdrawal.Words(it.ID+" "+it.Link), words) {
			return s
		}
	}
	holds := func(text string) bool {
		return strings.Contains(withdrawal.Words(text), words) || strings.Contains(textform.Fold(text), textform.Fold(argument))
	}
	if holds(s.Told) {
		s.Told = ""
	}
	for i, it := range s.Items {
		if holds(it.Title) {
			s.Items[i].Title = ""
		}
	}
	return s
}

// latestProof returns the code of the answer before this message.
func (w ordering) latestProof(ctx context.Context) (proof.Code, error) {
	if w.proofs == nil {
		return "", &Error{Kind: Unknown, Op: "prove"}
	}
	return w.proofs.Latest(ctx, w.edition.ID, w.reader.Settled)
}

// tellProof tells the code of the last answer. What depends on who asked is proved to
// nobody, and told of in private alone.
func (w ordering) tellProof(ctx context.Context) *Reply {
	code, err := w.latestProof(ctx)
	switch {
	case err == nil:
		return &Reply{Language: w.language, Blocks: w.proofBlocks(code)}
	case KindOf(err) == Denied && w.ask.Group:
		return w.askInPrivate(command.Proof)
	}
	return w.local.replyOf(wordProofNone)
}

// withProof tells the code of the last answer below what is said of it.
func (w ordering) withProof(ctx context.Context, reply *Reply) *Reply {
	if code, err := w.latestProof(ctx); err == nil {
		reply.Blocks = append(reply.Blocks, w.proofBlocks(code)...)
	}
	return reply
}

// proofBlocks say how an answer is proved.
func (w ordering) proofBlocks(code proof.Code) []Block {
	blocks := []Block{{Kind: Paragraph, Own: true, Text: w.local.textOf(wordProofCode, "code", code.String())}}
	if page := w.proofs.Page(w.edition.ID, code); page != "" {
		blocks = append(blocks, Block{Kind: Link, URL: page, Tight: true})
	}
	return blocks
}

// checkProof tells what a code or a signed text proves.
func (w ordering) checkProof(ctx context.Context) *Reply {
	if !w.asksProof {
		return w.local.replyOf(wordProofWhich)
	}
	err := error(&Error{Kind: Unknown, Op: "check a proof"})
	var found Proven
	if w.proofs != nil && w.checked != (Checked{}) {
		found, err = w.proofs.Check(ctx, w.edition.ID, w.ask.Reader, w.checked)
	}
	switch KindOf(err) {
	case Unknown, Invalid, Denied:
		if w.edition.takes && w.checked.Text == "" {
			return w.local.replyOf(wordRequestUnknown, "publisher", w.edition.Name)
		}
		return w.local.replyOf(wordProofUnknown, "publisher", w.edition.Name)
	case Limited:
		return w.local.replyOf(wordProofLimited)
	}
	if err != nil {
		w.noteFailure(err)
		return w.local.replyOf(wordBroken)
	}
	return w.provenReply(found)
}

// proofLinks is how many links a proof shows.
const proofLinks = 3

func (w ordering) provenReply(p Proven) *Reply {
	moment := func(unix int64) string {
		return when.Dated(time.Unix(unix, 0), w.ask.At, w.zone, w.local.servedLanguage())
	}
	reply := w.local.replyOf(wordProofTrue, "publisher", cmp.Or(p.Name, w.edition.Name), "sent", moment(p.Sent))
	var names []string
	for _, id := range p.Keywords {
		names = append(names, w.edition.nameByID(id, w.language))
	}
	text := p.Told
	if text == "" {
		var titles []string
		for i, it := range p.Items {
			if titles = append(titles, it.Title); it.Title == "" && it.ID != "" && len(names) > 0 {
				titles[i] = names[min(i, len(names)-1)] // ids are no words for readers
			}
		}
		text = strings.Join(slices.Compact(slices.DeleteFunc(titles, isBlank)), "\n")
	}
	if text != "" {
		reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Text: text})
	}
	links := 0
	for _, it := range p.Items {
		if it.Link != "" && links < proofLinks {
			reply.Blocks = append(reply.Blocks, Block{Kind: Link, URL: it.Link, Tight: true})
			links++
		}
	}
	about := []string{w.local.textOf(wordProofAbout, "keyword", strings.Join(names, ", "))}
	if p.AsOf != 0 {
		about = append(about, w.local.textOf(wordProofAsOf, "moment", moment(p.AsOf)))
	}
	if p.Fetched != 0 {
		about = append(about, w.local.textOf(wordProofFetched, "moment", moment(p.Fetched)))
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: strings.Join(about, "\n")})
	if p.Withdrawn {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: w.local.textOf(wordProofWithdrawn)})
	}
	for _, line := range p.Corrections {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.textOf(wordProofAmended, "text", line)})
	}
	return reply
}

// readProof reads a message that asks to check a code or a signed text: with the words
// for that, or without any. It reports false for any other.
func (w hearing) readProof() bool {
	if w.ask.Tap != "" {
		return false
	}
	if proof.Looks(w.ask.Text) {
		w.asksProof, w.checked = true, Checked{Text: w.ask.Text}
		w.ask.Text = ""
		return true
	}
	code, rest, ok := proof.Find(w.ask.Text)
	language, asks := command.AsksToCheck(rest)
	switch {
	case !ok, rest == "" && code == "":
		return false
	case rest != "" && !asks:
		m := w.edition.index.Match(rest, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
		if m.Decision != what.Reserved || m.Command != command.Check {
			return false
		}
	}
	w.asksProof, w.checked, w.checkedIn = true, Checked{Code: code}, language
	w.ask.Text = rest
	return true
}
