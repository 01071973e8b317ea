package pull

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/languages"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// carryOut does what a message says of the reader; nil where it says nothing of the kind.
func (w preferring) carryOut(ctx context.Context) *Reply {
	in := w.instruction
	if !w.tellsSomething(in) {
		return nil
	}
	value := toldValue(in)
	switch in.Kind {
	case instruction.City:
		return w.rememberFact(ctx, who.City, value)
	case instruction.Lives:
		return w.askToRemember(who.City, value)
	case instruction.Prefer:
		return w.rememberFact(ctx, w.factNamed(in.Gaps[instruction.Name]), value)
	case instruction.Zone:
		zone, _ := zoneNamed(value)
		return w.rememberZone(ctx, zone)
	case instruction.Short:
		return w.rememberLength(ctx, who.Short)
	case instruction.Long:
		return w.rememberLength(ctx, who.Long)
	case instruction.Plain:
		return w.keepPreference(ctx, who.Plainly, "1", wordPlainKept)
	case instruction.Unprefer:
		return w.forgetPreference(ctx, w.factNamed(in.Gaps[instruction.Name]))
	}
	return w.forgetPreference(ctx, forgotten[in.Kind])
}

// toldValue returns what an instruction says of the reader.
func toldValue(in instruction.Instruction) string {
	return clipRunes(strings.Join(strings.Fields(in.Gaps[instruction.Value]), " "), optionRunes)
}

// tellsSomething reports whether an instruction is about what is remembered of a reader.
func (w preferring) tellsSomething(in instruction.Instruction) bool {
	switch in.Kind {
	case instruction.City, instruction.Lives:
		return w.isName(toldValue(in))
	case instruction.Prefer:
		name := w.factNamed(in.Gaps[instruction.Name])
		return name != "" && (name != who.City || w.isName(toldValue(in)))
	case instruction.Zone:
		_, ok := zoneNamed(toldValue(in))
		return ok
	case instruction.Unprefer:
		return w.factNamed(in.Gaps[instruction.Name]) != ""
	case instruction.Short, instruction.Long, instruction.Plain:
		return true
	}
	return forgotten[in.Kind] != ""
}

// forgotten is what each instruction wants forgotten.
var forgotten = map[instruction.Kind]string{
	instruction.ForgetCity: who.City, instruction.ForgetLanguage: ReaderLanguage, instruction.ForgetZone: ReaderTimeZone,
	instruction.ForgetLength: who.Length, instruction.ForgetPlain: who.Plainly,
}

// isName reports whether a value may be the name of a place: it is short, and begins with a
// capital, or is not made of ordinary words alone.
func (w preferring) isName(value string) bool {
	tokens := textform.Tokenise(value, nil)
	if len(tokens) == 0 || len(tokens) > slotWords {
		return false
	}
	tongues := speech.Mark(tokens)
	first, _ := utf8.DecodeRuneInString(value)
	return tokens[0].Spaceless || unicode.IsUpper(first) || slices.ContainsFunc(tokens, func(k textform.Token) bool { return k.Roles == 0 && !speech.IsCommon(k.Folded, tongues) })
}

// factNamed returns the fact that some source of the publisher asks for and a reader calls
// so, "" if none does.
func (w preferring) factNamed(name string) string {
	said := textform.Fold(name)
	for _, k := range w.edition.order {
		personal, ok := k.source.Source.(Personal)
		if !ok {
			continue
		}
		for _, fact := range personal.Wants() {
			if !isServed(fact) && textform.Fold(strings.ReplaceAll(fact, "_", " ")) == said {
				return fact
			}
		}
	}
	return ""
}

// isServed reports whether a fact is one that readers say by a word of its own.
func isServed(fact string) bool {
	return fact == ReaderLanguage || fact == ReaderTimeZone || fact == ReaderAddress || fact == who.Length || fact == who.Plainly
}

// commandPrefer marks a message that tells what is to be remembered.
const commandPrefer command.Command = "prefer"

// rememberFact remembers a fact, and answers what was asked for it.
func (w preferring) rememberFact(ctx context.Context, name, value string) *Reply {
	asked := w.asked
	reply := w.keepPreference(ctx, name, value, wordKept, "name", w.factLabel(name), "value", value)
	if q := w.reader.Question; q != nil && q.Wish != "" && asked != nil {
		q.Slot, q.Need = asked.Slot, asked.Need // it goes on when the reader agrees
	}
	if w.trace.Outcome != journal.Ordered || asked == nil {
		return reply
	}
	k := w.edition.keywordByID(asked.Slot)
	if k == nil || asked.Need == "" && slot.Kind(k.Slot) != slot.Place {
		return reply
	}
	answer := answering(w).answerCandidate(ctx, what.Candidate{Keyword: k.ID})
	answer.addHeadline(reply.Blocks[0].Text)
	return answer
}

// keepPreference remembers a preference, says so, and how it is forgotten.
func (w preferring) keepPreference(ctx context.Context, name, value string, said Word, pairs ...any) *Reply {
	if !(instructing(w)).mayKeep() {
		return instructing(w).askConsent(ctx)
	}
	if len(value) > who.MaxValue {
		return w.refuseWith(wordKeptTooLong, "n", who.MaxValue)
	}
	reader, full := w.reader.Prefer(name, value, w.ask.At)
	if full || !reader.Fits() {
		return w.refuseWith(wordKeptFull)
	}
	w.reader = reader
	ordering(w).noteCommand(commandPrefer)
	return w.local.replyOf(said, pairs...)
}

// forgetPreference forgets a preference; nil where none is named.
func (w preferring) forgetPreference(ctx context.Context, name string) *Reply {
	switch {
	case name == "":
		return nil
	case w.edition.UnderAge:
		return instructing(w).refuseKeeping(ctx, commandPrefer)
	}
	switch name {
	case ReaderLanguage:
		w.reader.Language = ""
	case ReaderTimeZone:
		w.reader.TimeZone = ""
	default:
		w.reader, _ = w.reader.Prefer(name, "", w.ask.At)
	}
	ordering(w).noteCommand("unprefer")
	return w.local.replyOf(wordUnkept, "name", w.factLabel(name))
}

// factWords are what sentences call the facts that have words of their own.
var factWords = map[string]Word{
	who.City: wordFactCity, ReaderLanguage: wordFactLanguage, ReaderTimeZone: wordFactZone, who.Length: wordFactLength, who.Plainly: wordFactPlain,
}

// factLabel returns what a sentence calls a fact.
func (w preferring) factLabel(name string) string {
	if word, ok := factWords[name]; ok {
		return w.local.textOf(word)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// rememberLength remembers how long answers are to be.
func (w preferring) rememberLength(ctx context.Context, length string) *Reply {
	said := wordShortKept
	if length == who.Long {
		said = wordLongKept
	}
	return w.keepPreference(ctx, who.Length, length, said)
}

// rememberZone remembers the reader's time zone.
func (w preferring) rememberZone(ctx context.Context, zone *time.Location) *Reply {
	if !(instructing(w)).mayKeep() {
		return instructing(w).askConsent(ctx)
	}
	w.reader.TimeZone, w.zone = zone.String(), zone
	w.setLocalizer()
	ordering(w).noteCommand("zone")
	return w.local.replyOf(wordKept, "name", w.factLabel(ReaderTimeZone), "value", zone.String()+", "+w.ask.At.In(zone).Format("15:04"))
}

// zoneAreas are where the cities stand after which zones are called.
var zoneAreas = [...]string{"Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian"}

// zoneNamed returns the zone of a name, or of a city that zones are called after.
func zoneNamed(name string) (*time.Location, bool) {
	place := strings.ReplaceAll(strings.TrimSpace(name), " ", "_")
	if place == "" || strings.EqualFold(place, "local") || strings.Contains(place, "..") {
		return nil, false
	}
	names := []string{place}
	if !strings.Contains(place, "/") {
		parts := strings.Split(strings.ToLower(place), "_")
		for i, p := range parts {
			parts[i] = strings.ToUpper(p[:min(1, len(p))]) + p[min(1, len(p)):]
		}
		names = []string{strings.ToUpper(place)}
		for _, area := range zoneAreas {
			names = append(names, area+"/"+strings.Join(parts, "_"))
		}
	}
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, true
		}
	}
	return nil, false
}

// chooseLanguage remembers the language that a message names, or asks which.
func (w ordering) chooseLanguage(ctx context.Context) *Reply {
	served, serves := w.edition.matchLanguage(w.languageNamed())
	w.noteCommand(command.Lang)
	switch {
	case !serves:
		var q who.Question
		for _, l := range w.edition.Languages {
			name := languages.OwnName(l)
			q.Options = append(q.Options, who.Option{Argument: name, Label: name})
		}
		reply := questions(w).askReader(wordWhichLanguage, q)
		for i, o := range q.Options {
			reply.Buttons[i].Send = o.Argument // a press says it after the question is over, too
		}
		return reply
	case w.edition.UnderAge: // said in that language, and not kept
		w.language, w.trace.Who.Language = served, served
		w.setLocalizer()
		return instructing(w).askConsent(ctx)
	case w.ask.Group:
	case !(instructing(w)).mayKeep():
		return instructing(w).askConsent(ctx)
	}
	w.reader.Language, w.language, w.trace.Who.Language = served, served, served
	w.setLocalizer()
	return w.local.replyOf(wordLanguageKept)
}

// rememberedPlace returns the place that a keyword is asked for when the reader names none:
// that which the reader has told to remember.
func (w preferring) rememberedPlace(k *keyword) string {
	if slot.Kind(k.Slot) != slot.Place || w.ask.Group || w.channel.Proxy {
		return ""
	}
	place := w.reader.Preferences[who.City]
	if place != "" {
		w.heedPreference(who.City)
	}
	return place
}

// heedPreference notes that something was used which the reader had told to remember.
func (w *work) heedPreference(name string) {
	w.reader = w.reader.Heed(name, w.ask.At)
	if used := w.trace.Who.Remembered; !slices.Contains(used, name) {
		w.trace.Who.Remembered = append(slices.Clip(used), name)
	}
}

// missingFact returns the fact of the reader without which a source has no answer to a
// query, and which the reader may say; "" where that is not what it lacks.
func (w preferring) missingFact(k *keyword, q Query) string {
	personal, ok := k.source.Source.(Personal)
	if !ok || w.ask.Group || w.channel.Proxy || k.source.Problem != nil {
		return ""
	}
	lacks, whole := "", map[string]string{}
	for _, name := range personal.Wants() {
		whole[name] = q.Reader[name]
		if whole[name] == "" && !isServed(name) {
			whole[name] = "1"
			if lacks == "" {
				lacks = name
			}
		}
	}
	if lacks == "" {
		return ""
	}
	q.Reader = whole
	if _, err := k.source.Key(q); err != nil {
		return ""
	}
	return lacks
}

// askForFact asks the reader for a fact that a keyword's source can't do without, and takes
// the next message for the answer. It is used once, and kept only when told to.
func (w preferring) askForFact(k *keyword, name string) *Reply {
	reply := w.refuseWith(wordWhichFact, "name", w.factLabel(name))
	questions(w).keepOpen(who.Question{Slot: k.ID, Need: name})
	return answering(w).withMenu(reply)
}

// offerRemembering puts below an answer the button that has a fact remembered which the
// reader has said for this ask.
func (w preferring) offerRemembering(reply *Reply, name, value string) *Reply {
	if w.trace.Outcome != journal.Answered || w.ask.Group || w.channel.Proxy || w.edition.UnderAge || w.reader.Preferences[name] != "" {
		return reply
	}
	send := tapRemember + name + ":" + value
	if len(send) <= maxPayload {
		reply.Buttons = append(reply.Buttons, Button{Label: w.local.textOf(wordRememberThat, "value", shortenText(value, labelRunes)), Send: send})
	}
	return reply
}

// askToRemember asks whether a fact that the reader tells is to be remembered, nil where it is
// none or nothing may be kept.
func (w preferring) askToRemember(name, value string) *Reply {
	if !instructing(w).mayKeep() || !w.isName(value) || w.reader.Preferences[name] == value {
		return nil
	}
	w.trace.Outcome = journal.Offered
	reply := questions(w).askReader(wordRememberFact, who.Question{Need: name, Wish: value}, "name", w.factLabel(name), "value", value)
	reply.Buttons = questions(w).yesOrNo()
	return reply
}

// answerRemembering remembers the fact that the reader was asked about, or does not.
func (w preferring) answerRemembering(ctx context.Context, q who.Question, yes bool) *Reply {
	if yes {
		return w.rememberFact(ctx, q.Need, q.Wish)
	}
	ordering(w).noteCommand(command.Drop)
	return answering(w).withMenu(w.local.replyOf(wordNotKept))
}

// rememberTapped remembers what a button below an answer says.
func (w preferring) rememberTapped(ctx context.Context) *Reply {
	name, value, _ := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapRemember), ":")
	if value == "" || name != who.City && w.factNamed(strings.ReplaceAll(name, "_", " ")) == "" {
		return conversation(w).answerStaleTap(ctx)
	}
	return w.rememberFact(ctx, name, value)
}

// languageNamed returns the tag of the language that a message which asks for one names, "" if it
// names none.
func (w ordering) languageNamed() string { return w.languageNamedIn(w.ask.Text, w.instruction) }

func (w ordering) languageNamedIn(text string, in instruction.Instruction) string {
	said := []string{in.Gaps[instruction.Value], speech.WithoutPoliteness(textform.Normal(text))}
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(word) > 3 { // "en francés": tags are words of others
			said = append(said, word)
		}
	}
	for _, name := range said {
		if tag, ok := slot.Parse(slot.Language, name, time.Time{}, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...); ok && name != "" {
			return tag
		}
	}
	return slot.LanguageWithin(text)
}
