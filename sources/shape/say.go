package shape

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/sources"
)

// Limits of what is said of an item.
const (
	saidSummary = 300
	saidFacts   = 8
)

// Say words one item as its shape is told, and several as a list.
func (m *Maker) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) == 0 {
		return r
	}
	r.Media = sources.Copy(items[:1])[0].Media
	for _, it := range items {
		t := teller{Maker: m, item: it, voice: v, language: spoken(it, v.Language)}
		switch {
		case m.options.Shape == Quote:
			t.quote(&r, len(items) == 1)
		case len(items) == 1:
			t.whole(&r)
		default:
			t.short(&r)
		}
	}
	return r
}

// spoken returns the language of the labels: that of the item's own text.
func spoken(it what.Item, language string) string {
	if own := it.Spoken(language); words.Serves(own) {
		return own
	}
	return language
}

// teller words one item.
type teller struct {
	*Maker
	item     what.Item
	voice    pull.Voice
	language string
}

// whole tells an item by itself.
func (t teller) whole(r *pull.Reply) {
	it := t.item
	sources.AddBlocks(r, pull.Block{Kind: pull.Title, Text: it.Title})
	if t.options.Shape == Recipe {
		t.recipe(r)
	} else {
		if text := sources.Shorten(cmp.Or(it.Summary, it.Body), saidSummary); text != it.Title {
			sources.AddBlocks(r, pull.Block{Kind: pull.Paragraph, Text: text})
		}
		sources.AddBlocks(r, pull.Block{Kind: pull.FactLines, Facts: t.lines()})
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Note, Text: t.moment()})
	if t.options.Shape == Article {
		sources.AddBlocks(r, t.notes()...)
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Link, URL: it.Link})
}

// short tells an item among several: what matters of it beside its title.
func (t teller) short(r *pull.Reply) {
	text := t.item.Title
	var told string
	switch t.options.Shape {
	case Product:
		told = t.price()
	case Event:
		told = strings.Trim(t.span()+" · "+t.row(), " ·")
	case None:
		told = t.row()
	}
	switch {
	case text == "":
		text = told
	case told != "":
		text += " · " + told
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Paragraph, Text: text}, pull.Block{Kind: pull.Link, URL: t.item.Link, Tight: text != ""})
	if t.options.Shape == Article && sources.IsUpcoming(t.item, t.voice.At) {
		sources.AddBlocks(r, pull.Block{Kind: pull.Note, Text: t.moment(), Tight: true})
	}
}

// row returns what an item says beside its title where it has neither a text nor a page
// of its own, as a row of a table; of one that is called by its key the text is a line.
func (t teller) row() string {
	const most, short, length = 4, 60, 100 // of figures more are told
	if t.item.Link != "" || t.item.Body != "" || t.item.Summary != "" && t.options.Key == "" {
		return ""
	}
	moments := ""
	if t.options.Shape == Event {
		moments = t.span() // which stands before it
	}
	var told []string
	if t.item.Summary != "" {
		told = []string{sources.Line(t.item.Summary)}
	}
	facts := t.lines()
	for i, f := range facts {
		if f.Value == t.item.Title || f.Value == moments {
			continue
		}
		if slices.ContainsFunc(slices.Delete(slices.Clone(facts), i, i+1), func(other pull.LabelledFact) bool { return needsName(f, other) }) {
			f.Value = f.Label + " " + f.Value
		}
		if len(told) >= most && utf8.RuneCountInString(strings.Join(told, " · ")+f.Value) > short {
			told = append(told, "…")
			break
		}
		told = append(told, f.Value)
	}
	if at := t.item.Published; !at.IsZero() && when.IsDay(at, t.options.Zone) && !strings.Contains(t.item.Title, strconv.Itoa(at.Day())) {
		told = append(told, t.moment()) // which the title may say
	}
	return sources.Shorten(strings.Join(told, " · "), length)
}

// needsName reports whether only its name tells a fact from another, as the price for a child from that
// for adults: their values differ in numbers alone, and their names do not.
func needsName(f, other pull.LabelledFact) bool {
	form := func(text string) string { return strings.TrimSpace(numbers.ReplaceAllString(text, "#")) }
	unnumbered := func(name string) string { return strings.TrimRight(name, "0123456789 ") }
	return form(f.Value) != f.Value && form(f.Value) == form(other.Value) && unnumbered(f.Label) != unnumbered(other.Label)
}

var numbers = regexp.MustCompile(`[+−-]?\d+([.,]\d+)*`)

// notes tell that an article is for subscribers, and whose its picture is.
func (t teller) notes() (blocks []pull.Block) {
	if t.item.Facts.Text(factPaywall) != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Note, Text: own.Say(t.voice.Language, "paywall", nil), Tight: true})
	}
	if credit := t.item.Facts.Text(factCredit); credit != "" && t.item.Image() != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Note, Text: own.Say(t.voice.Language, "picture", words.Args{"credit": credit}), Tight: true})
	}
	return blocks
}

// quote is "WIPRO 512.30 INR (+0.4 %)", with the name below it; one alone tells what else is known of it.
func (t teller) quote(r *pull.Reply, alone bool) {
	facts := t.item.Facts
	s := cmp.Or(facts.Text(factSymbol), t.item.Title, t.item.ID) + " " + t.price()
	if change := facts.Text(factChange); change != "" {
		sign := "+"
		if strings.HasPrefix(change, "-") || strings.Trim(change, "0.") == "" {
			sign = ""
		}
		s += strings.TrimRight(" ("+sign+words.Number(t.voice.Language, change)+" "+facts.Text(factUnit), " ") + ")"
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Title, Text: s})
	if name := cmp.Or(facts.Text(factName), t.item.Title); name != "" && !strings.HasPrefix(s, name+" ") {
		sources.AddBlocks(r, pull.Block{Kind: pull.Paragraph, Text: name, Tight: true})
	}
	if alone {
		t.item.Facts = slices.DeleteFunc(slices.Clone(facts), func(f what.Fact) bool { return t.its(f.Name) })
		sources.AddBlocks(r, pull.Block{Kind: pull.FactLines, Facts: t.lines()})
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Link, URL: t.item.Link})
}

// price is "12.50 EUR".
func (t teller) price() string {
	price := t.item.Facts.Text(factPrice)
	if price == "" {
		return ""
	}
	return strings.TrimSpace(words.Number(t.language, price) + " " + t.item.Facts.Text(factCurrency))
}

// recipe tells the times, the ingredients and the steps.
func (t teller) recipe(r *pull.Reply) {
	var parts []string
	for _, name := range []string{factPrep, factCook, factTotal} {
		if n, err := strconv.Atoi(t.item.Facts.Text(name)); err == nil && n > 0 {
			parts = append(parts, t.label(name)+" "+words.Duration(t.language, n))
		}
	}
	if yield, ok := t.item.Facts.Find(factYield); ok && yield.Text != "" {
		text := yield.Text
		if yield.Kind == what.Integer || strings.Trim(text, "0123456789") == "" {
			text = t.label(factYield) + " " + text
		}
		parts = append(parts, text)
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Paragraph, Text: strings.Join(parts, " · "), Tight: t.item.Title != ""})
	for _, list := range []struct {
		fact string
		kind pull.BlockKind
	}{{factIngredients, pull.Bullets}, {factSteps, pull.Steps}} {
		if f, _ := t.item.Facts.Find(list.fact); len(f.List) > 0 {
			sources.AddBlocks(r, pull.Block{Kind: list.kind, Text: t.label(list.fact), Lines: slices.Clone(f.List)})
		}
	}
}

func (t teller) label(fact string) string { return pull.FactLabel(fact, t.language, "en") }

// lines returns the facts that are told, those of the shape first. An article's are
// for templates alone.
func (t teller) lines() []pull.LabelledFact {
	if t.options.Shape == Article {
		return nil
	}
	var all []pull.LabelledFact
	series := 1
	for _, f := range t.item.Facts {
		if _, repeats := t.roles[PlainName(f.Name)]; repeats && !t.its(f.Name) || f.Name == FactNames {
			continue
		}
		value := t.value(f)
		if n := len(all) - 1; n >= 0 && value != "" && t.label(f.Name) == all[n].Label+" "+strconv.Itoa(series+1) { // columns without names
			series++
			all[n].Value += " · " + value
			continue
		}
		if len(all) == saidFacts {
			break
		}
		series = 1
		if value != "" {
			all = append(all, pull.LabelledFact{Label: t.label(f.Name), Value: value})
		}
	}
	return all
}

// its reports whether a fact is one that the shape knows by this name.
func (t teller) its(name string) bool {
	return slices.ContainsFunc(facts[t.options.Shape], func(k known) bool { return k.fact == name })
}

// value words a fact; "" if it is told with another one.
func (t teller) value(f what.Fact) string {
	switch {
	case f.Name == factCurrency && t.item.Facts.Text(factPrice)+t.item.Facts.Text(factAdmission) != "":
		return ""
	case f.Name == factAdmission:
		return strings.TrimSpace(words.Number(t.language, f.Text) + " " + t.item.Facts.Text(factCurrency))
	case f.Name == factPrice:
		return t.price()
	case f.Name == factStock:
		if key, ok := map[string]string{inStock: "in_stock", soldOut: "sold_out", preorder: "to_order"}[f.Text]; ok {
			return own.Say(t.language, key, nil)
		}
	}
	switch f.Kind {
	case what.List:
		return strings.Join(f.List, ", ")
	case what.Integer:
		if n, err := strconv.Atoi(f.Text); err == nil && n >= 0 && strings.HasSuffix(f.Name, "_minutes") {
			return words.Duration(t.language, n)
		}
		if len(strings.TrimPrefix(f.Text, "-")) < 5 { // it may be a year
			return f.Text
		}
		return words.Number(t.language, f.Text)
	case what.Decimal:
		return words.Number(t.language, f.Text)
	}
	return t.dated(f.Text)
}

// dated words a fact that is a time; any other stays as it is.
func (t teller) dated(text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return when.Moment(at, t.voice.At, t.zone(at), t.language)
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return words.Day(t.language, day)
	}
	return text
}

// zone returns where an event takes place, whoever asks: that of the publisher.
func (t teller) zone(at time.Time) *time.Location {
	switch {
	case t.options.Zone != nil:
		return t.options.Zone
	case t.options.Shape == Event:
		return at.Location()
	}
	return t.voice.Zone
}

// span returns when an event begins.
func (t teller) span() string { return t.dated(t.item.Facts.Text(factStart)) }

// moment words when an article was published, or first seen.
func (t teller) moment() string {
	it := t.item
	switch {
	case t.options.Shape != Article && t.options.Shape != None:
		return ""
	case it.Published.IsZero() && it.Seen.IsZero():
		return ""
	case it.Published.IsZero():
		return sources.FirstSeen(it.Seen, t.voice)
	case when.IsDay(it.Published, t.options.Zone):
		return words.Day(t.voice.Language, it.Published.In(cmp.Or(t.options.Zone, time.UTC)))
	}
	return sources.Moment(it.Published, t.voice)
}
