package itemindex

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
	"keypull/sources/archive/passage"
	"keypull/sources/confidence"
	"keypull/sources/fulltext"
)

// Bounds of one search: how many words are looked for, how many items are looked up by
// each, those that came last, and how many are weighed.
const (
	maxWords    = 10
	maxPostings = 100
	maxWeigh    = 16
	// fewItems is from how many items on what is rare among them is rare.
	fewItems = 1000
	// mostCovered is how much of a message in a script without spaces an item has at least,
	// mostSpelt how much where that writes sounds: its words are longer than two letters.
	mostCovered, mostSpelt = 0.5, 0.8
	// headShare is how much the second part tells of a word that is joined of two.
	headShare = 0.6
	// shortTitle is how much of a title one word is at least that names a thing.
	shortTitle = 0.3
)

// What a word counts that is found in a part of an item.
var partWeights = struct{ title, inflected, compound, facts, derived, called, asked, text float64 }{1, 0.95, 0.9, 0.8, 0.7, 0.7, 0.75, 0.6}

// soughtWord is a word of a message as it is looked for.
type soughtWord struct {
	fulltext.Word
	// weight is what the word tells: as much as the message gives it, and more the
	// fewer items have it.
	weight float64
	// known says that a language of the publisher has it.
	known bool
	// rare says that it is none of the ordinary words of a language.
	rare bool
	// price says that the word only asks for a price.
	price bool
}

// Search implements pull.ItemIndex.
func (x *Index) Search(ctx context.Context, publisher string, q pull.ItemQuery) (hits []pull.ItemHit, err error) {
	f := x.followedBy(publisher)
	if f == nil {
		return nil, nil
	}
	look := fulltext.Query{Languages: f.languages}
	for _, p := range q.Places {
		if part := partOf(p); f.places[part] == p {
			look.Parts = append(look.Parts, part)
		}
	}
	most := maxWeigh
	if len(look.Parts) < len(f.places) {
		most *= 4 // others are passed over
	}
	if len(look.Parts) == 0 {
		return nil, nil
	}
	asked := passage.Parse(q.Text, time.Time{}, f.languages)
	q.Asks = q.Asks || asked.AsksPrice()
	q.Deep = q.Deep || q.Asks
	called := map[string]string{}
	err = x.files.withFile(ctx, publisher, f.languages, func(file *file) error {
		words, best, err := file.findNearest(ctx, soughtWords(q.Words, f.languages), look, q)
		if err != nil {
			return err
		}
		rows, err := file.Numbered(ctx, best[:min(len(best), most)])
		if err != nil {
			return err //nolint:wrapcheck // it says what it is about
		}
		for _, h := range rows {
			var r row
			if json.Unmarshal(h.Payload, &r) == nil && slices.Contains(look.Parts, h.Part) {
				var foreign speech.Tongues
				if tag := languages.Base(h.Language); tag != "" && !slices.ContainsFunc(f.languages, func(own string) bool { return languages.Base(own) == tag }) {
					foreign = speech.Of(tag)
				}
				names, known := called[h.Part]
				if !known {
					names = fulltext.Tokens(q.Called[f.places[h.Part]], f.languages)
					called[h.Part] = names
				}
				about := scoreItem(words, r, names, q, foreign)
				about.Priced = asked.AsksPrice() && r.Priced
				about.Unpriced = asked.AsksPrice() && !r.Priced
				hits = append(hits, pull.ItemHit{Place: f.places[h.Part], Item: r.Item, Coverage: about.Coverage, Certainty: about.Likelihood(), Named: about.Named > 0, Row: strings.TrimSpace(r.Text) == ""})
			}
		}
		return nil
	})
	slices.SortStableFunc(hits, func(a, b pull.ItemHit) int { return cmp.Compare(b.Certainty, a.Certainty) })
	return hits[:min(len(hits), max(q.Limit, 1))], err
}

// soughtWords returns the words to look for, each once: one that some of the languages have is
// inflected as these do it, and as it is in the others. Of one with signs in it, as "8'de", no part
// is looked for that only joins words.
func soughtWords(words []pull.ItemWord, tags []string) (all []soughtWord) {
	for _, w := range words {
		folded := textform.Fold(w.Text)
		known := slices.ContainsFunc(tags, func(tag string) bool { return speech.IsCommon(folded, speech.Of(tag)) })
		having := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
			return known && !speech.IsCommon(folded, speech.Of(tag)) && stem.Of(folded, tag) != folded
		})
		units := wordUnits(w.Text, having)
		for _, word := range units {
			if len(units) > 1 && !textform.BeginsSpaceless(word.Text) && slices.ContainsFunc(tags, func(tag string) bool { return speech.IsCommon(word.Text, speech.Of(tag)) }) {
				continue
			}
			if len(all) < maxWords && !slices.ContainsFunc(all, func(o soughtWord) bool { return o.Text == word.Text }) {
				all = append(all, soughtWord{Word: word, weight: w.Weight, known: known, rare: w.Weight == 1, price: passage.IsPrice(word.Text, tags)})
			}
		}
	}
	return all
}

// findNearest returns the words with what they weigh among the items, and the numbers of the
// items that have the most of them by weight.
func (f *file) findNearest(ctx context.Context, words []soughtWord, look fulltext.Query, q pull.ItemQuery) ([]soughtWord, []int64, error) {
	having, err := f.itemsHaving(ctx, words)
	if err != nil {
		return nil, nil, err
	}
	for i := len(words) - 1; i >= 0; i-- {
		if len(having[i]) > 0 {
			continue
		}
		parts, has, err := f.splitJoined(ctx, words[i], look.Languages)
		if err != nil {
			return nil, nil, err
		}
		if parts != nil {
			words, having = slices.Replace(words, i, i+1, parts...), slices.Replace(having, i, i+1, has...)
		}
	}
	sums := map[int64]float64{}
	of := math.Log(float64(max(f.itemCount(), fewItems) + 1))
	for i, has := range having {
		words[i].weight *= 1 - math.Log(float64(len(has)+1))/of
		for n := range has {
			sums[n] += words[i].weight
		}
	}
	if q.Deep {
		if err := f.addTextMatches(ctx, words, look, sums); err != nil {
			return nil, nil, err
		}
	}
	best := slices.SortedFunc(maps.Keys(sums), func(a, b int64) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(b, a)) })
	return words, best, nil
}

// itemsHaving returns for each word the numbers of the items that go by it.
func (f *file) itemsHaving(ctx context.Context, words []soughtWord) ([]map[int64]bool, error) {
	var names []string
	of := []int{} // which word each name is of
	for i, w := range words {
		for _, name := range w.Names() {
			names, of = append(names, name), append(of, i)
		}
	}
	postings, err := f.Postings(ctx, names, maxPostings)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what it is about
	}
	having := make([]map[int64]bool, len(words))
	for i := range having {
		having[i] = map[int64]bool{}
	}
	for i, list := range postings {
		for _, n := range list {
			having[of[i]][n] = true
		}
	}
	return having, nil
}

// splitJoined returns a word that no item has as the two that it is joined of, with the items that
// go by each, where some go by the second, which says what it is.
func (f *file) splitJoined(ctx context.Context, w soughtWord, tags []string) ([]soughtWord, []map[int64]bool, error) {
	joints := w.Joints(tags)
	if len(joints) == 0 {
		return nil, nil, nil
	}
	var seconds []soughtWord // looked for at once
	for _, joint := range joints {
		seconds = append(seconds, soughtWord{Word: joint[1]})
	}
	having, err := f.itemsHaving(ctx, seconds)
	i := slices.IndexFunc(having, func(has map[int64]bool) bool { return len(has) > 0 })
	if err != nil || i < 0 {
		return nil, nil, err
	}
	first, second := joints[i][0], joints[i][1]
	parts := []soughtWord{{Word: first, weight: w.weight * (1 - headShare)}, {Word: second, weight: w.weight * headShare, price: passage.IsPrice(second.Text, tags)}}
	having, err = f.itemsHaving(ctx, parts)
	return parts, having, err
}

// addTextMatches adds the items whose texts have most of the words.
func (f *file) addTextMatches(ctx context.Context, words []soughtWord, look fulltext.Query, sums map[int64]float64) error {
	look.Limit, look.Ranked = maxWeigh/2, maxPostings
	for _, w := range words {
		look.Any = append(look.Any, fulltext.Term{Text: w.Text})
	}
	hits, err := f.Search(ctx, look)
	for _, h := range hits {
		sums[h.Number] += partWeights.text
	}
	return err //nolint:wrapcheck // it says what it is about
}

// wordUnits returns the words of a text; of a script without spaces its letters two by two.
func wordUnits(text string, languages []string) (all []fulltext.Word) {
	for _, w := range fulltext.NewWords(text, languages) {
		all = append(all, w.Units()...)
	}
	return all
}

// scoreItem returns what speaks for an item being what the words ask for; called are the words that
// its source is asked for by. foreign is the language
// of one that is in none of the publisher's: it has but names in common with these.
func scoreItem(words []soughtWord, r row, called string, q pull.ItemQuery, foreign speech.Tongues) confidence.About {
	a := confidence.About{Length: q.Length, Asks: q.Asks, Answers: q.Asks && r.Asks}
	all := 0.0
	title := map[string]bool{}
	inflected := false
	for _, w := range words {
		all += w.weight
		var counted float64
		own := true // whether the item itself has the word
		switch {
		case foreign != 0 && (w.known || speech.IsCommon(w.Text, foreign) || !w.Exact(r.Title) && !w.Exact(r.Facts)):
			continue
		case w.Exact(r.Title):
			counted, title[w.Text] = partWeights.title, true
			a.Exact = true
		case w.Whole(r.Title):
			counted, title[w.Text], inflected = partWeights.inflected, true, w.known
		case w.Within(r.Title):
			counted, title[w.Text] = partWeights.compound, true
		case w.Within(r.Facts):
			counted = partWeights.facts
			a.Exact = a.Exact || w.Exact(r.Facts)
		case w.Akin(r.Title) || w.Akin(r.Facts):
			counted = partWeights.derived
		case w.price && r.Priced:
			counted, own = partWeights.facts, false
		case w.Whole(called):
			counted, own = partWeights.called, false
		case q.Asks && r.Brief && w.Whole(r.Text):
			counted = partWeights.facts
			a.Exact = a.Exact || w.Exact(r.Text)
		case q.Asks && w.rare && w.Whole(r.Text):
			counted = partWeights.asked
		case q.Deep && w.Within(r.Text):
			counted = partWeights.text
		default:
			continue
		}
		a.Coverage += counted * w.weight
		if own {
			a.Rarest = max(a.Rarest, counted*w.weight)
		}
	}
	a.Others = a.Coverage - a.Rarest
	a.Alone = q.Length <= 1 && !q.Asks && len(title) > 0 && !a.Exact
	a.Bent = a.Alone && inflected
	if all > 0 {
		a.Coverage /= all
	}
	// Two letters of a script without spaces are hardly a word: most of them must be there.
	least := mostCovered
	if slices.ContainsFunc(words, func(w soughtWord) bool { return !writesWords(w.Text) }) {
		least = mostSpelt
	}
	if a.Coverage < least && slices.ContainsFunc(words, func(w soughtWord) bool { return textform.BeginsSpaceless(w.Text) }) {
		return confidence.About{}
	}
	if r.Words > 0 {
		a.Named = min(float64(len(title))/float64(r.Words), 1)
	}
	a.Bent = a.Bent && a.Named < shortTitle
	return a
}

// writesWords reports whether a text begins with a letter of a script that may write a word in
// two letters.
func writesWords(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return !textform.IsSpaceless(r) || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
