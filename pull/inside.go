package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/moment"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
)

// ItemIndex finds by words the items that publishers' sources hold. It is a hint: what
// it names is looked up where it is told from before anybody is told of it. It is safe
// for concurrent use, and only Search is ever waited for.
type ItemIndex interface {
	// Follow has the items at these places be found, and no others of the publisher: of
	// those at other places nothing is found once it returns, and nothing left soon
	// after. languages are those of items that say nothing of theirs.
	Follow(publisher string, languages []string, places []SnapshotID)
	// Changed says that other items are told at a place than before.
	Changed(p SnapshotID)
	// Flush returns once all of a publisher is found that was told so far.
	Flush(ctx context.Context, publisher string) error
	// Search returns the items at some of the places that come nearest to what the
	// words ask for, the nearest first. It ends with ctx.
	Search(ctx context.Context, publisher string, q ItemQuery) ([]ItemHit, error)
}

// ItemQuery is what an ItemIndex looks for.
type ItemQuery struct {
	Words []ItemWord
	// Text is the whole message.
	Text string
	// Places are where to look; others are as if they were not there. Called are the words that
	// what is at a place is asked for by.
	Places []SnapshotID
	Called map[SnapshotID]string
	// Deep looks into paragraphs as well as at names and facts.
	Deep bool
	// Length is how many words the message has beside those that only ask, and Asks whether
	// it asks for something.
	Length float64
	Asks   bool
	// Limit is how many are wanted at most.
	Limit int
}

// ItemWord is a word of a message, and how much it tells of what is meant, up to 1.
type ItemWord struct {
	Text   string
	Weight float64
}

// ItemHit is an item that shares words with a query, by its id.
type ItemHit struct {
	Place SnapshotID
	Item  string
	// Coverage is the share of the words that it has, by what they weigh, Certainty how sure
	// it is that the message is about it, from 0 to 1.
	Coverage, Certainty float64
	// Named says that its title has some of them, Row that it tells its facts alone.
	Named, Row bool
}

// Bounds of looking inside: how long it may take, and how long where nobody waits for it, how
// many hits are looked up, how many characters a message may have that is looked for, for how
// long what a source brought is new enough to be looked at, and how many sources of which nothing is held are asked
// for one message, which waits at most so long for them.
const (
	insideTime   = 50 * time.Millisecond
	owedTime     = 5 * time.Second
	insideHits   = 8
	insideRunes  = 200
	insideAge    = time.Minute
	insideBrings = 32
	insideWait   = 3 * time.Second
	// maxTellers is how many keywords are asked whether they tell an item.
	maxTellers = 20
)

// tierInside says in a trace that what was offered was found among the items.
const tierInside what.Tier = journal.TierInside

// What a message gives a word to weigh that is an ordinary one of its language, and one that
// all texts have.
const (
	ordinaryWeight = 0.5
	emptyWeight    = 0.25
)

// insideSaid is what a message says: the words that tell what it is about, how many it has
// beside those that only ask, and whether it asks for something.
type insideSaid struct {
	text   string
	words  []ItemWord
	length float64
	asks   bool
	// questions says that a word of the message asks a question, leads that it begins with one, or ends as a
	// question, begins that it is short and begins with one, and keyword is the one that was asked.
	questions, leads, begins bool
	keyword                  string
	// kin are the keywords that are called after the one that was asked, with that.
	kin []string
	// part is a part of the day that is named among the words, untimed the others.
	part    moment.Part
	untimed []ItemWord
	// names says that it is one or two words, and neither asks, tells nor greets: a thing is named.
	names bool
	// tells says that it tells something of its writer, refuses that some of it is not wanted.
	tells, refuses bool
	// aspects are the words that say what is wanted of a thing: "price", "times".
	aspects []string
}

// readInside reads a message, or a part of one.
func (w conversation) readInside(text string) (s insideSaid) {
	s.text = text
	tokens := textform.Tokenise(text, nil)
	read := w.edition.readingLanguages(w.language)
	tongues := speech.Mark(tokens, read...)
	var roles textform.Role
	about := false // whether a word tells what it is about
	telling := 0.0 // how many words say something
	for _, t := range tokens {
		roles |= t.Roles
		switch {
		case t.Roles&(speech.Request|speech.Cue|speech.Question|speech.QuestionBehind|speech.Greeting|speech.Harmless) != 0:
		case t.Spaceless:
			s.length += 0.5
		default:
			s.length++
		}
		s.asks = s.asks || t.Roles&speech.Telling&^speech.Idiom == 0 && t.Roles&(speech.Question|speech.QuestionBehind|speech.Request|speech.Cue) != 0
		switch {
		case t.Roles&(speech.Filler|speech.Question|speech.QuestionBehind|speech.Negation|speech.NegationBehind|speech.Because) != 0 && !t.Spaceless,
			utf8.RuneCountInString(t.Folded) < 2 && !t.Spaceless && !isDigit(t.Folded), speech.IsFunction(t.Folded, tongues):
			continue
		}
		empty := !t.Spaceless && slices.ContainsFunc(read, func(tag string) bool { return speech.IsEmpty(t.Folded, tag) })
		about = about || !empty && !isSmallNumber(t.Folded)
		if !empty {
			telling++
		}
		weight := 1.0
		if t.Roles&(speech.Common|speech.Aspect) != 0 || speech.IsCommon(t.Folded, tongues) {
			weight = ordinaryWeight
		}
		if empty {
			weight = emptyWeight
		}
		if last := len(s.words) - 1; t.Spaceless && t.Glued && last >= 0 {
			s.words[last].Text += t.Normal
			s.words[last].Weight = max(s.words[last].Weight, weight)
			continue
		}
		s.words = append(s.words, ItemWord{Text: t.Normal, Weight: weight})
		if t.Roles&speech.Aspect != 0 {
			s.aspects = append(s.aspects, t.Normal)
		}
		if part, ok := moment.ReadPart(t.Normal, false, read...); ok {
			s.part = part
			continue
		}
		rest, part, ok := moment.CutPart(t.Normal, read...)
		if ok {
			s.part = part
		}
		s.untimed = append(s.untimed, ItemWord{Text: rest, Weight: weight})
	}
	s.asks = s.asks || len(s.words) > 1 && roles&(speech.Talk|speech.Idiom|speech.Quote) == 0 && textform.EndsAsking(text)
	// "Please no more news": who asks not to have something is offered nothing.
	// Who speaks to somebody else, or judges, is offered nothing either; what has happened
	// may be told for help: "I have forgotten my password".
	const idle = speech.Talk | speech.Opinion | speech.Idiom | speech.Quote
	if !about || roles&idle != 0 && !s.asks || roles&speech.Negation != 0 && roles&speech.Request != 0 && roles&(speech.Question|speech.QuestionBehind) == 0 {
		return insideSaid{}
	}
	s.tells, s.refuses = roles&speech.Telling != 0, roles&(speech.Negation|speech.NegationBehind) != 0
	s.questions = roles&(speech.Question|speech.QuestionBehind) != 0
	const short = 3
	s.begins = s.length <= short && tokens[0].Roles&(speech.Question|speech.Greeting) == speech.Question
	const talks = idle | speech.Telling | speech.Negation | speech.NegationBehind | speech.Greeting | speech.Harmless
	s.names = !s.asks && s.length <= 2 && telling > 0 && roles&talks == 0
	rare := slices.ContainsFunc(s.words, func(word ItemWord) bool { return word.Weight > ordinaryWeight })
	s.leads = (beginsAsking(tokens) || textform.EndsAsking(text)) && !strings.HasSuffix(text, "!")
	if (rare || telling > 1) && s.leads {
		s.length = min(s.length, telling) // what joins words makes no question longer
	}
	return s
}

// beginsAsking reports whether a message asks with its first word that is more than a greeting.
func beginsAsking(tokens []textform.Token) bool {
	for _, t := range tokens {
		if t.Roles&(speech.Question|speech.QuestionBehind) != 0 {
			return true
		}
		if t.Roles&(speech.Filler|speech.Greeting) == 0 {
			return false
		}
	}
	return false
}

// isDigit reports whether a word is one figure, as of a number on a shirt.
func isDigit(word string) bool { return len(word) == 1 && word[0] >= '0' && word[0] <= '9' }

// isSmallNumber reports whether a word is a number of one or two figures, which tells a line of
// a list, or how many, sooner than what a text is about.
func isSmallNumber(word string) bool {
	return len(word) <= 2 && word != "" && strings.Trim(word, "0123456789") == ""
}

// insight is an item that may be meant, and what asks for it.
type insight struct {
	option who.Option
	hit    ItemHit
	// link is where the item stands on the outlet's site, if it does.
	link string
}

// insideWhole is how much of a message an item has that has all of it.
const insideWhole = 0.9

// insideOffer is from what certainty on an item is offered, insideAsked where it has most of a
// question, insideBegun where it has that of a short one, or half of it in its title, and insideNear where its
// keyword was asked; one that is so much less sure than the best is not offered beside it. Of what has so much more of a
// message than an entry, the message may be rather than of that.
const (
	insideOffer = 0.46
	insideAsked = 0.33
	insideMost  = 0.75
	insideBegun = 0.17
	insideHalf  = 0.5
	insideRow   = 0.45
	insideNear  = 0.15
	insideGap   = 0.25
	insideMore  = 0.1
)

// leastOf returns from what certainty on an item is offered.
func (s insideSaid) leastOf(h ItemHit) float64 {
	switch {
	case s.begins && h.Coverage >= insideHalf && (h.Named || h.Coverage >= insideMost):
		return insideBegun
	case s.questions && h.Coverage >= insideMost:
		return insideAsked
	}
	return insideOffer
}

// lookInside returns what this reader may have now that the message may be about, the surest
// first, at most as many as an offer lists. What is not held, or old, is brought.
func (w conversation) lookInside(ctx context.Context) []insight {
	return w.lookWithin(ctx, w.lookTime, true)
}

// searchInside is lookInside among what is held, for whom nobody waits at this moment.
func (w conversation) searchInside(ctx context.Context) []insight {
	return w.lookWithin(ctx, owedTime, false)
}

func (w conversation) lookWithin(ctx context.Context, most time.Duration, bring bool) (found []insight) {
	if w.items == nil || w.ask.Tap != "" || w.match.Reason == what.ReasonNegated || utf8.RuneCountInString(w.ask.Text) > insideRunes {
		return nil
	}
	told := w.edition.findable()
	places := told.placesFor(w.work)
	said := w.readInside(w.ask.Text)
	if len(places) == 0 || len(said.words) == 0 {
		return nil
	}
	if bring {
		w.bringInside(ctx, told, places)
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	began := w.clock()
	defer func() { w.trace.Took.What += journal.Since(w.clock().Sub(began)) }()
	found = w.offersInside(ctx, told, places, said, func(what.Item) bool { return true })
	if said.part != (moment.Part{}) && len(said.untimed) > 0 && (len(found) == 0 || found[0].hit.Coverage < insideWhole) {
		// "When is the jazz evening?" is the concert at eight, whatever it is called, and no other evening.
		said.words = said.untimed
		said.length = max(said.length-1, 1)
		timed := w.offersInside(ctx, told, places, said, func(it what.Item) bool {
			at, err := time.Parse(time.RFC3339, it.Facts.Text(what.FactStart))
			return err == nil && said.part.Holds(at)
		})
		if len(timed) > 0 {
			return timed
		}
	}
	if len(found) == 0 || found[0].hit.Coverage < insideWhole {
		if each := w.lookForEach(ctx, told, places); len(each) > 0 {
			return each
		}
	}
	return found
}

// lookForEach returns what each part of a message that joins some names may be about, the likeliest
// of each: "gold and silver". It is nil where one of them finds nothing.
func (w conversation) lookForEach(ctx context.Context, told *findable, places []SnapshotID) (found []insight) {
	parts := w.namesJoined()
	for _, part := range parts {
		hits := w.offersInside(ctx, told, places, w.readInside(part), func(what.Item) bool { return true })
		if len(hits) == 0 {
			return nil
		}
		if !slices.ContainsFunc(found, func(i insight) bool { return i.option == hits[0].option }) {
			found = append(found, hits[0])
		}
	}
	if len(found) < len(parts) {
		return nil
	}
	return found
}

// namesJoined returns the parts of a message between words and signs that join, where each is a few
// words and all of them are no more than an offer lists.
func (w conversation) namesJoined() (parts []string) {
	const longest = 3
	tokens := textform.Tokenise(w.ask.Text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	from := 0
	for i := 1; i <= len(tokens); i++ {
		joins := i < len(tokens) && tokens[i].Roles&(speech.And|speech.Or) != 0
		if i < len(tokens) && !joins && tokens[i].Part == tokens[i-1].Part {
			continue
		}
		if i-from > longest {
			return nil
		}
		if i > from {
			parts = append(parts, w.ask.Text[tokens[from].Start:tokens[i-1].End])
		}
		if from = i; joins {
			from++
		}
	}
	if len(parts) < 2 || len(parts) > offerAtMost {
		return nil
	}
	return parts
}

// namedEntries returns the names of the entries that called keywords by themselves, by their keywords, and the words of the
// message beside these; none where the keyword was called by its own name. Several says that two are of one keyword.
func (w conversation) namedEntries(called []what.Candidate) (names map[string]string, several bool, rest []ItemWord) {
	names = map[string]string{}
	said := " "
	for _, c := range called {
		k := w.edition.keywordByID(c.Keyword)
		if k == nil || len(called) == 1 && (c.Argument == "" || c.Phrase == "" || k.isCalled(c.Phrase)) {
			return nil, false, nil
		}
		if c.Argument != "" && !k.isCalled(c.Phrase) {
			several = several || names[c.Keyword] != ""
			names[c.Keyword] = w.local.termName(k, c.Argument)
			said += textform.Fold(c.Phrase+" "+c.Argument) + " "
		}
	}
	if len(names) == 0 {
		return nil, false, nil
	}
	return names, several, slices.DeleteFunc(w.readInside(w.ask.Text).words, func(word ItemWord) bool {
		return word.Weight <= emptyWeight || strings.Contains(said, " "+textform.Fold(word.Text)+" ")
	})
}

// lookFurther returns what has more of a message than the entries have that called keywords by themselves: "results of
// Air Pyrenees" is more than the price of its share, and the bin day of a town than the petrol there. What is as much and
// called the same may be meant as well, where none has a word of the message. Sure says that the first is the one entry
// of that name that has most of the message.
func (w conversation) lookFurther(ctx context.Context, called []what.Candidate) (found []insight, sure bool) {
	if w.items == nil || w.ask.Tap != "" {
		return nil, false
	}
	names, several, rest := w.namedEntries(called)
	if len(rest) == 0 || several {
		return nil, false
	}
	entry := func(i insight, fits func(label, name string) bool) bool {
		for _, name := range names {
			if fits(textform.Fold(i.option.Label), textform.Fold(name)) {
				return true
			}
		}
		return false
	}
	found = w.lookInside(ctx)
	slices.SortStableFunc(found, func(a, b insight) int { return cmp.Compare(b.hit.Coverage, a.hit.Coverage) })
	own, alike := -1.0, 0
	for _, i := range found {
		if names[i.option.Keyword] != "" && entry(i, sameName) {
			own = max(own, i.hit.Coverage)
		}
		if entry(i, sameName) && i.hit.Coverage > found[0].hit.Coverage-insideGap {
			alike++
		}
	}
	sure = alike == 1 && entry(found[0], sameName) && found[0].hit.Coverage >= insideMost
	if sure && len(called) > 1 {
		return found, true
	}
	found = slices.DeleteFunc(found, func(i insight) bool {
		more := i.hit.Coverage >= insideWhole || sure && entry(i, sameName)
		if own >= 0 {
			more = i.hit.Coverage >= own+insideMore || len(called) < offerAtMost && own < insideMost && i.hit.Coverage >= own && entry(i, partOfName)
		}
		return names[i.option.Keyword] != "" || !more
	})
	return found, sure && len(found) > 0
}

// isCalled reports whether a keyword is called so.
func (k *keyword) isCalled(phrase string) bool {
	for _, phrases := range k.Phrases {
		if slices.ContainsFunc(phrases, func(own string) bool { return textform.SameName(own, phrase) }) {
			return true
		}
	}
	return false
}

// offerNear offers items where a keyword has nothing that is all of an argument, as "a ticket for
// students" of a list of prices that has students: that it is asked is known. What others tell is
// offered as for a miss, where its title has a word of it: news of Paris are no recipe with mushrooms
// of Paris. Of its own alone, and of what is called after it, it is only what has most of the argument. Nil where there
// is none.
func (w conversation) offerNear(ctx context.Context, k *keyword, argument string, own bool) *Reply {
	said := w.readInside(argument)
	told := w.edition.findable()
	places := told.placesFor(w.work)
	if w.items == nil || w.ask.Tap != "" || len(places) == 0 || len(said.words) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, w.lookTime)
	defer cancel()
	said.keyword, said.asks, said.text = k.ID, true, w.ask.Text
	for _, other := range w.edition.order {
		if other == k || other.isCalledAfter(k) {
			said.kin = append(said.kin, other.ID)
		}
	}
	if own {
		places = slices.DeleteFunc(places, func(p SnapshotID) bool {
			return !slices.ContainsFunc(told.keywords[p], func(other *keyword) bool { return slices.Contains(said.kin, other.ID) })
		})
	}
	found := w.offersInside(ctx, told, places, said, func(what.Item) bool { return true })
	if own && (len(found) == 0 || found[0].hit.Coverage < insideHalf) {
		return nil
	}
	found = slices.DeleteFunc(found, func(i insight) bool { return i.option.Keyword == k.ID && k.hasJudged(i.option.Label, argument) })
	if len(found) > 0 {
		return w.offerInside(ctx, found, nil)
	}
	return nil
}

// offerOther offers the keyword that an argument asks for by itself, where the one that it was said
// to has nothing of it: "price of TSLA", said to a list of metals. Nil where there is none.
func (w conversation) offerOther(ctx context.Context, k *keyword, argument string) *Reply {
	if w.ask.Tap != "" {
		return nil
	}
	m := w.edition.index.Match(argument, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	m.Candidates = slices.DeleteFunc(m.Candidates, func(c what.Candidate) bool {
		other := w.edition.keywordByID(c.Keyword)
		return other == nil || other.ID == k.ID || !other.isAvailable(w.ask.At, w.edition.Zone)
	})
	if m.Decision != what.Run && (m.Decision != what.Offer || isWeak(m)) || len(m.Candidates) == 0 {
		return nil
	}
	m.Core, m.Reason = w.ask.Text, ""
	return w.offerCandidates(ctx, m)
}

// hasJudged reports whether an argument names an entry with something that its source can say of it, and
// which it has found to be otherwise: "vegan tiramisu" is not to be answered by the tiramisu.
func (k *keyword) hasJudged(entry, argument string) bool {
	if name := textform.Fold(entry); name == "" || !strings.Contains(textform.Fold(argument), name) {
		return false
	}
	_, judged := k.refineEntry(entry, argument)
	return judged
}

// refineEntry returns what asks a keyword for an entry as a message asks for it, "tiramisu for 8"; false
// where the message says nothing of it that its source reads.
func (k *keyword) refineEntry(entry, message string) (argument string, ok bool) {
	source, refines := k.source.Source.(Refined)
	if !refines || entry == "" {
		return "", false
	}
	name := strings.Fields(textform.Fold(entry))
	said := slices.DeleteFunc(strings.Fields(message), func(word string) bool { return slices.Contains(name, textform.Fold(textform.Trim(word))) })
	return source.Refine(entry, strings.Join(said, " "))
}

// offersInside returns what is found by the words of a message, of the items that may be meant. What a text is
// called counts where no other item is found, and it has most of the message.
func (w conversation) offersInside(ctx context.Context, told *findable, places []SnapshotID, said insideSaid, may func(what.Item) bool) []insight {
	texts := slices.DeleteFunc(slices.Clone(places), func(p SnapshotID) bool { return !told.texts[p] })
	found := w.offersAmong(ctx, told, slices.DeleteFunc(slices.Clone(places), func(p SnapshotID) bool { return told.texts[p] }), said, may)
	if len(found) > 0 || len(texts) == 0 {
		return found
	}
	return slices.DeleteFunc(w.offersAmong(ctx, told, texts, said, may), func(i insight) bool { return i.hit.Coverage < insideMost })
}

// offersAmong is offersInside among some places.
func (w conversation) offersAmong(ctx context.Context, told *findable, places []SnapshotID, said insideSaid, may func(what.Item) bool) (found []insight) {
	const deepWords = 3
	hits, err := w.searchItemsSafely(ctx, ItemQuery{Words: said.words, Text: said.text, Places: places, Called: told.called, Deep: said.asks || len(said.words) >= deepWords, Length: said.length, Asks: said.asks, Limit: insideHits})
	if err != nil {
		return nil // it is the miss that it was
	}
	times := map[*keyword]string{}
	for _, h := range hits {
		if len(found) == offerAtMost || h.Certainty < insideNear || said.keyword == "" && h.Certainty < said.leastOf(h) || len(found) > 0 && found[0].hit.Certainty-h.Certainty > insideGap {
			continue
		}
		meant := h.Certainty >= said.leastOf(h) && (said.keyword == "" || h.Named)
		i, ok := w.insightOf(ctx, told, h, times, may)
		o := i.option
		if said.keyword == "" && h.Row && h.Coverage < insideRow && o.Item != "" {
			continue // what else is asked of its name is nothing that it tells
		}
		if ok && (meant || slices.Contains(said.kin, o.Keyword)) && !slices.ContainsFunc(found, func(other insight) bool {
			return sameName(other.option.Label, o.Label) && (o.Argument == "" && (!h.Row || other.hit.Coverage > h.Coverage+insideMore) || other.option.Keyword == o.Keyword)
		}) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b insight) int { return cmp.Compare(b.hit.Certainty, a.hit.Certainty) })
	return found
}

// withoutOptions leaves out what one of the options asks for by its name.
func (w conversation) withoutOptions(found []insight, options []who.Option) []insight {
	return slices.DeleteFunc(found, func(i insight) bool {
		k := w.edition.keywordByID(i.option.Keyword)
		return slices.ContainsFunc(options, func(o who.Option) bool {
			return o.Keyword == i.option.Keyword && o.Argument != "" && textform.SameName(w.local.termName(k, o.Argument), i.option.Label)
		})
	})
}

// withoutSome leaves out what is but one of several that an option asks its keyword for: of the holidays in Goa the one
// that is called after it.
func (w conversation) withoutSome(ctx context.Context, found []insight, options []who.Option) []insight {
	told := w.edition.findable()
	return slices.DeleteFunc(found, func(i insight) bool {
		k := w.edition.keywordByID(i.option.Keyword)
		return slices.ContainsFunc(options, func(o who.Option) bool {
			if o.Keyword != i.option.Keyword || !partOfName(textform.Fold(i.option.Label), textform.Fold(o.Argument)) {
				return false
			}
			s := w.cache.Last(ctx, i.hit.Place)
			if s == nil || !slices.Contains(told.keywords[i.hit.Place], k) {
				return false
			}
			all, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *s, Query{Argument: o.Argument, Keyword: k.ID, Count: 2, Language: w.language, At: w.ask.At})
			return err == nil && len(all.Items) > 1
		})
	})
}

// withoutFound leaves out the options whose argument is a part of what is offered of their keyword.
func withoutFound(options []who.Option, found []insight) []who.Option {
	return slices.DeleteFunc(options, func(o who.Option) bool {
		return o.Argument != "" && slices.ContainsFunc(found, func(i insight) bool {
			return i.option.Keyword == o.Keyword && partOfName(textform.Fold(i.option.Label), textform.Fold(o.Argument))
		})
	})
}

// withoutNothing leaves out the options whose keyword holds nothing for their argument. Where that has no word that tells
// what it is about, or is a day and but ordinary words, and the keyword needs none, it is offered by its name: "the
// canteen's menu of tomorrow".
func (w conversation) withoutNothing(ctx context.Context, options []who.Option) (left []who.Option) {
	for _, o := range options {
		k := w.edition.keywordByID(o.Keyword)
		if s, held := w.selectHeld(ctx, k, o.Argument, 1); o.Argument != "" && held && len(s.Items) == 0 {
			words := w.readInside(o.Argument).words
			if what.DayIn(o.Argument, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...) == "" && len(words) > 0 || what.Argument(k.Argument) == what.ArgumentRequired ||
				slices.ContainsFunc(words, func(word ItemWord) bool { return word.Weight > ordinaryWeight }) {
				continue
			}
			o.Argument, o.Label = "", w.local.keywordName(k)
		}
		left = append(left, o)
	}
	return left
}

// searchItemsSafely searches the index, once all is in it that was brought; one that breaks
// down has found nothing.
func (w conversation) searchItemsSafely(ctx context.Context, q ItemQuery) (hits []ItemHit, err error) {
	defer Caught("look for an item", &err)
	// What the writer is slow with is found the next time.
	short, cancel := context.WithTimeout(ctx, w.lookTime/2)
	defer cancel()
	_ = w.items.Flush(short, w.edition.ID)
	return w.items.Search(ctx, w.edition.ID, q) //nolint:wrapcheck // its error is a miss
}

// insightOf returns an item and what asks for it, if a keyword of this reader tells it now; times are when
// the message asks keywords for, as far as they were looked for.
func (w conversation) insightOf(ctx context.Context, told *findable, h ItemHit, times map[*keyword]string, may func(what.Item) bool) (insight, bool) {
	s := w.cache.Last(ctx, h.Place)
	if s == nil {
		return insight{}, false
	}
	at := slices.IndexFunc(s.Items, func(it what.Item) bool { return it.ID == h.Item })
	if at < 0 || !may(s.Items[at]) {
		return insight{}, false
	}
	it := s.Items[at]
	tried := 0
	for _, k := range told.keywords[h.Place] {
		if !w.mayTell(k) {
			continue
		}
		if tried++; tried > maxTellers || ctx.Err() != nil {
			break
		}
		if next, ok := w.toldItem(ctx, k, *s, it); ok {
			argument, refined := k.refineEntry(next.Title, w.ask.Text)
			day := ""
			if !refined {
				next, day = w.atTime(ctx, k, *s, next, times)
			}
			o := who.Option{Keyword: k.ID, Item: withdrawal.Mark(next.ID), Label: shortenText(w.titleOf(k, next), labelRunes)}
			switch {
			case refined:
				o.Item, o.Argument = "", argument
			case day != "":
				o.Item, o.Argument, o.Label = "", day, day
			}
			return insight{option: o, hit: h, link: next.Link}, true
		}
	}
	return insight{}, false
}

// atTime returns an item, or what is called the same at the time that a message asks for: a film on Saturday. Where a
// keyword that answers for days tells others then, it returns that time: which pharmacy is open today is not the one
// that has that word in its name.
func (w conversation) atTime(ctx context.Context, k *keyword, s Snapshot, it what.Item, times map[*keyword]string) (then what.Item, other string) {
	then = it
	defer func() {
		if p := recover(); p != nil {
			then, other = it, ""
			w.noteFailure(Broken("select a day", p))
		}
	}()
	if !answersDays(k.source.Source) {
		return it, ""
	}
	name := w.edition.keywordName(k, w.language)
	said, known := times[k]
	if !known {
		said = w.timeMeant(k, name)
		times[k] = said
	}
	if said == "" {
		return it, ""
	}
	q := Query{Argument: said, Keyword: k.ID, Phrase: name, Count: len(s.Items), Language: w.language, At: w.ask.At}
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, s, q)
	if err != nil || len(found.Items) == 0 {
		return it, ""
	}
	if i := indexOfItem(found.Items, it); i >= 0 {
		return found.Items[i], ""
	}
	return it, said
}

// indexOfItem returns where an item stands among others, else one that is called the same; -1 where none is.
func indexOfItem(items []what.Item, it what.Item) int {
	if i := slices.IndexFunc(items, func(o what.Item) bool { return o.ID == it.ID }); i >= 0 {
		return i
	}
	return slices.IndexFunc(items, func(o what.Item) bool { return o.Title == it.Title && it.Title != "" })
}

// titleOf returns what an item is called.
func (w conversation) titleOf(k *keyword, it what.Item) (title string) {
	defer func() {
		if p := recover(); p != nil {
			title = it.Title
			w.noteFailure(Broken("name an item", p))
		}
	}()
	if t, ok := k.source.Source.(Titled); ok {
		return cmp.Or(t.TitleOf(it, Voice{Language: w.language, Zone: w.zone, At: w.ask.At}), it.Title)
	}
	return it.Title
}

// mayTell reports whether a keyword answers this reader now.
func (w conversation) mayTell(k *keyword) bool { return k.isAvailable(w.ask.At, w.edition.Zone) }

// toldItem returns an item as a keyword tells it: alone, or, where it takes words, asked for
// by its title. Of several that are called the same it is what the keyword tells first: of
// what comes every week, the next one.
func (w conversation) toldItem(ctx context.Context, k *keyword, s Snapshot, it what.Item) (told what.Item, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			ok = false
			w.noteFailure(Broken("select an item", p))
		}
	}()
	argument, own := k.defaultArgument()
	arguments := []string{argument}
	if own {
		arguments = k.Phrases[w.language]
	}
	if k.takesWords() {
		arguments = append(slices.Clone(arguments), it.Title)
	}
	if wishes, ok := k.source.Source.(Wished); ok && wishes.IsWish(w.ask.Text, true, func(string) bool { return true }) {
		arguments = []string{w.ask.Text} // which leaves out more than words tell
	}
	for _, argument := range arguments {
		q := Query{Argument: argument, Keyword: k.ID, Phrase: w.edition.keywordName(k, w.language), Count: len(s.Items), Language: w.language, At: w.ask.At}
		found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, s, q)
		same := slices.IndexFunc(found.Items, func(o what.Item) bool { return o.Title == it.Title && it.Title != "" })
		if it.Facts.Text(what.FactStart) == "" || same < 0 { // what comes again is the next one
			same = indexOfItem(found.Items, it)
		}
		if err == nil && same >= 0 {
			return found.Items[same], true
		}
	}
	return what.Item{}, false
}

// bringInside has what is looked at brought anew, as a keyword would: behind, if it is old,
// and where nothing is held it is waited for, and found once it returns. Nothing is waited
// for that has failed before, or takes too long: a message that means no source does not
// suffer from one that is down.
func (w conversation) bringInside(ctx context.Context, told *findable, places []SnapshotID) {
	var awaited []*flight
	wait, at := time.Duration(0), w.answerTime()
	for _, p := range places {
		k := told.keywords[p][0]
		held := w.cache.Last(ctx, p)
		lacking := held == nil
		if lacking && len(awaited) == insideBrings || !lacking && (at.Sub(held.Fetched) < insideAge || k.freshness.Judge(held.freshnessTimes(), at) == when.Fresh) {
			continue
		}
		f, _, r := w.cache.flights.joinOrStart(Want{ID: p, Source: k.source.Source, Freshness: k.freshness, At: at, Shared: k.source.Shared}, held, true)
		if f != nil && lacking && r.failures == 0 && (f.began.IsZero() || at.Sub(f.began) < insideWait) {
			awaited, wait = append(awaited, f), max(wait, k.freshness.Wait())
		}
	}
	if len(awaited) == 0 {
		return
	}
	began := w.clock()
	defer w.computing.Away()()
	ctx, cancel := context.WithTimeout(ctx, min(wait, insideWait))
	defer cancel()
	for _, f := range awaited {
		select {
		case <-f.done:
			w.items.Changed(f.place)
		case <-ctx.Done():
		}
	}
	_ = w.items.Flush(ctx, w.edition.ID)
	w.trace.Took.When += journal.Since(w.clock().Sub(began))
}

// besideTexts returns the keywords after which those are called whose texts alone have what was asked: what stands beside
// the table of opening hours is found by its words, and the table may be meant.
func (w conversation) besideTexts(found []insight) (beside []who.Option) {
	for _, i := range found {
		if i.hit.Named {
			continue
		}
		k := w.edition.keywordByID(i.option.Keyword)
		for _, data := range w.edition.order {
			label := w.local.keywordName(data)
			if label == "" || !w.mayTell(data) || !k.isCalledAfter(data) || slices.ContainsFunc(beside, func(o who.Option) bool { return o.Keyword == data.ID }) ||
				slices.ContainsFunc(found, func(other insight) bool { return other.option.Keyword == data.ID }) {
				continue
			}
			beside = append(beside, who.Option{Keyword: data.ID, Label: label})
		}
	}
	return beside
}

// offerInside offers what was found among the items, and behind it other options and what texts have of the message.
func (w conversation) offerInside(ctx context.Context, found []insight, beside []who.Option) *Reply {
	w.trace.Outcome = journal.Offered
	best := found[0]
	w.trace.What.Tier, w.trace.What.Reason = string(tierInside), ""
	w.trace.What.Inside = &journal.Inside{Certainty: best.hit.Certainty, Coverage: best.hit.Coverage, Gap: best.hit.Certainty}
	if len(found) > 1 {
		w.trace.What.Inside.Gap = best.hit.Certainty - found[1].hit.Certainty
	}
	said := w.readInside(w.ask.Text)
	hits := w.searchTexts(ctx, said)
	beside = append(beside, w.textOptions(said, hits, found)...)
	var options []who.Option
	kind := w.local.keywordName(w.edition.keywordByID(best.option.Keyword))
	for _, f := range found {
		o := f.option
		if name := w.local.keywordName(w.edition.keywordByID(o.Keyword)); len(found)+len(beside) > 1 && name != "" {
			o.Label = shortenText(name+": "+o.Label, labelRunes)
		}
		options = append(options, said.byPassage(o, f, hits))
	}
	for _, o := range beside {
		if len(options) < offerAtMost {
			options = append(options, o)
		}
	}
	lead := wordOffer
	if len(options) == 1 {
		lead = wordInside
	}
	questions(w).distinguishLabels(options)
	title := strings.Trim(best.option.Label, askingSigns) // the sentence asks by itself
	reply := questions(w).askReader(lead, who.Question{Options: options, Core: w.noteCore()}, "keyword", kind, "title", title)
	reply.Buttons = append(reply.Buttons, w.local.menuButton())
	return reply
}

// askingSigns begin and end a question.
const askingSigns = "?？؟¿ "

// findable are the places whose items readers may ask for, with the keywords that tell
// them.
type findable struct {
	places   []SnapshotID
	keywords map[SnapshotID][]*keyword
	// called are the phrases of these keywords.
	called map[SnapshotID]string
	// texts says of places that what lies there are texts that passages are looked for in.
	texts map[SnapshotID]bool
}

// Findable lists the places whose items readers may be offered by some keyword, at some
// time.
func (e *Edition) Findable() []SnapshotID { return e.everything().findable().places }

// findFindable looks for the places whose items may be found.
func (e *Edition) findFindable() *findable {
	all := &findable{keywords: map[SnapshotID][]*keyword{}, called: map[SnapshotID]string{}, texts: map[SnapshotID]bool{}}
	type asked struct {
		source   *Opened
		argument string
	}
	keys := map[asked]SnapshotID{}
	for _, k := range e.order {
		if k.source.Problem != nil || !k.isFindable() || e.keywordName(k, "") == "" {
			continue
		}
		argument, own := k.defaultArgument()
		if own {
			argument = ""
		}
		p, known := keys[asked{k.source, argument}]
		if !known {
			p = e.findablePlace(k, argument)
			keys[asked{k.source, argument}] = p
		}
		if p == (SnapshotID{}) || len(all.places) == maxFindable && all.keywords[p] == nil {
			continue
		}
		if all.keywords[p] == nil {
			all.places, all.texts[p] = append(all.places, p), findsPassages(k.source.Source)
		}
		all.keywords[p] = append(all.keywords[p], k)
		for _, phrases := range k.Phrases {
			all.called[p] += strings.Join(phrases, "\n") + "\n"
		}
	}
	// What the publisher puts first is the name by which readers know it.
	for _, keywords := range all.keywords {
		slices.SortStableFunc(keywords, func(a, b *keyword) int { return cmp.Compare(e.featuredRank(a), e.featuredRank(b)) })
	}
	return all
}

// featuredRank orders keywords as the publisher features them.
func (e *Edition) featuredRank(k *keyword) int {
	if at := slices.Index(e.featured, k.ID); at >= 0 {
		return at
	}
	return len(e.featured)
}

// maxFindable is how many places of a publisher items are found at.
const maxFindable = 1000

// findablePlace returns where the items lie that a keyword tells; zero is nowhere.
func (e *Edition) findablePlace(k *keyword, argument string) (p SnapshotID) {
	defer func() {
		if recover() != nil {
			p = SnapshotID{}
		}
	}()
	key, err := k.source.Key(Query{Argument: argument, Keyword: k.ID, Count: max(k.Count, 1), Language: e.Languages[0]})
	if err != nil || len(key) > MaxKeyBytes {
		return SnapshotID{}
	}
	if p = k.source.SnapshotID(e.ID, k.Source, key); isPrivate(p) {
		return SnapshotID{}
	}
	return p
}

// isFindable reports whether the items of a keyword's source may be found by their words:
// what the editor says, else those that its kind has found by themselves, and those that
// readers name beside a keyword. What is a reader's own never is.
func (k *keyword) isFindable() bool {
	if p, ok := k.source.Source.(Personal); ok && len(p.Wants()) > 0 {
		return false
	}
	if k.source.Findable != nil {
		return *k.source.Findable
	}
	f, ok := k.source.Source.(Findable)
	return ok && f.FoundByItself() || k.takesWords()
}

// placesFor returns the places of which a keyword tells this reader something now.
func (f *findable) placesFor(w *work) []SnapshotID {
	return slices.DeleteFunc(slices.Clone(f.places), func(p SnapshotID) bool {
		return !slices.ContainsFunc(f.keywords[p], conversation{w}.mayTell)
	})
}

// answerItem answers with one item that a keyword tells.
func (w answering) answerItem(ctx context.Context, k *keyword, item string) *Reply {
	told := w.edition.findable()
	at := slices.IndexFunc(told.places, func(p SnapshotID) bool { return slices.Contains(told.keywords[p], k) })
	q := asking(w).newQuery(k, "")
	q.Item, q.Count = item, 1
	if at < 0 {
		return w.refuseNothingFound(ctx, k, Selection{}, w.ask.Text)
	}
	kept, err := asking(w).bringKey(ctx, k, told.places[at].Key)
	if err != nil {
		return w.refuseFailed(ctx, k, kept, err, "")
	}
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *kept.Snapshot, q)
	if err != nil {
		return w.refuseFailed(ctx, k, kept, err, "")
	}
	return w.tellSelection(ctx, k, kept, found, q)
}
