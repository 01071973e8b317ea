package shape

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Value is one named value of a record: text, a number, a time, a list, an
// object as JSON has them, or what a database driver hands over.
type Value struct {
	Name string
	V    any
}

// Record is the values of one item, in the order in which they are told.
type Record []Value

// Problem is what was odd about a record. An item whose Lost is true was not
// made of it.
type Problem struct {
	// Record counts from 0; Field is the name of the value as it was given, ""
	// where it is about the record.
	Record int
	Field  string
	Said   words.Text
	Lost   bool
}

// Batch is what records came to.
type Batch struct {
	Items []what.Item
	// AsOf is the time of the newest fact of a quote; else zero.
	AsOf     time.Time
	Problems []Problem
}

// Limits of a batch: maxFacts is how many facts an item has at most.
const (
	maxFacts = 60
	// MaxRecords is how many records are made items at most.
	MaxRecords = pull.MaxSnapshotItems
)

// Make makes items of records, no more than a snapshot holds. fetched is when
// they left their origin; last is what was there before, nil for nothing: what
// was first seen then was not first seen now.
func (m *Maker) Make(records []Record, fetched time.Time, last *pull.Snapshot) Batch {
	b := batch{Maker: m, fetched: fetched, commas: m.commas(records), clock: m.newClock(m.times(records), fetched), known: map[string]what.Item{}, ids: map[string]int{}}
	if last != nil {
		for _, it := range last.Items {
			b.known[it.ID] = it
		}
	}
	for i, r := range records {
		if len(b.made.Items) == pull.MaxSnapshotItems {
			b.made.Problems = append(b.made.Problems, Problem{Record: i, Said: own.Text("many_records", words.Args{"max": pull.MaxSnapshotItems})})
			break
		}
		b.record = i
		b.addRecord(r)
	}
	return b.made
}

// batch is a Make on its way.
type batch struct {
	*Maker
	fetched time.Time
	// commas says of each name how its lone separators are meant.
	commas map[string]Comma
	clock  clock
	known  map[string]what.Item
	ids    map[string]int
	record int
	// current is what the current record tells.
	current valuesByRole
	made    Batch
}

// commas looks how numbers are written under each name: by what they show,
// else as the language has it.
func (m *Maker) commas(records []Record) map[string]Comma {
	usual := commaOf(m.options.Language)
	all := map[string]Comma{}
	for _, r := range records {
		for _, v := range r {
			text, isText := v.V.(string)
			if c, done := all[v.Name]; done && c != Unknown || !isText {
				continue
			}
			all[v.Name] = separatorsOf(text)
		}
	}
	for name, c := range all {
		if c == Unknown {
			all[name] = usual
		}
	}
	return all
}

// times returns some of the dates of records, by which the others are understood.
func (m *Maker) times(records []Record) []string {
	const enough = 50
	var all []string
	for _, r := range records {
		for _, v := range r {
			role, ok := m.roles[PlainName(v.Name)]
			if !ok || role.part != partPublished && role.part != partAsOf && role.kind != asMoment {
				continue
			}
			if text, ok := v.V.(string); ok && len(text) < maxNumberBytes*2 && len(all) < enough {
				all = append(all, text)
			}
		}
	}
	return all
}

func (b *batch) addProblem(field string, lost bool, said words.Text) {
	const most = 1000
	if len(b.made.Problems) < most {
		b.made.Problems = append(b.made.Problems, Problem{Record: b.record, Field: field, Said: said, Lost: lost})
	}
}

// markLost marks the last problem as the one that cost the record its item.
func (b *batch) markLost() {
	if last := len(b.made.Problems) - 1; last >= 0 && b.made.Problems[last].Record == b.record {
		b.made.Problems[last].Lost = true
	}
}

// valuesByRole are the values of a record by their role in the item.
type valuesByRole struct {
	parts map[part]Value
	facts map[string]Value
}

// valuesByRoleOf gives each role the value of its surest name.
func (m *Maker) valuesByRoleOf(r Record) valuesByRole {
	t := valuesByRole{parts: map[part]Value{}, facts: map[string]Value{}}
	ranks := map[role]int{}
	for _, v := range r {
		role, ok := m.roles[PlainName(v.Name)]
		if _, there := valueText(v.V); !ok || !there {
			continue
		}
		at := role
		at.rank = 0
		if before, filled := ranks[at]; filled && before <= role.rank {
			continue
		}
		ranks[at] = role.rank
		if role.fact != "" {
			t.facts[role.fact] = v
		} else {
			t.parts[role.part] = v
		}
	}
	return t
}

// addRecord makes the item of a record, if it is one.
func (b *batch) addRecord(r Record) {
	t := b.valuesByRoleOf(r)
	if b.options.Shape == Event {
		r = b.completeStart(t, r)
	}
	b.current = t
	it := what.Item{
		Title: oneLine(t.parts[partTitle].V, maxLine), Summary: proseOf(t.parts[partSummary].V), Body: proseOf(t.parts[partBody].V),
		Language: sources.LanguageTag(Text(t.parts[partLanguage].V)), Media: b.readMedia(r),
	}
	if link, ok := valueText(t.parts[partLink].V); ok {
		if it.Link = sources.SafeLink(b.options.Base, link); it.Link == "" {
			b.addProblem(t.parts[partLink].Name, false, own.Text("no_link", words.Args{"shown": displayText(link)}))
		}
	}
	if !b.readFacts(&it, t, r) {
		return
	}
	if it.Title == "" {
		it.Title = cmp.Or(it.Facts.Text(factName), it.Facts.Text(factSymbol), it.Facts.Text(factSKU), sources.Shorten(it.Summary, 80), sources.Shorten(strings.Join(strings.Fields(it.Body), " "), 80), firstFact(it.Facts))
	}
	if it.Title == "" && it.Link == "" && len(it.Media) == 0 {
		b.addProblem("", true, own.Text("no_content", nil))
		return
	}
	b.readTimes(&it, t)
	b.giveID(&it, t, r)
	b.made.Items = append(b.made.Items, it)
	if b.options.Shape == Quote && it.AsOf.After(b.made.AsOf) {
		b.made.AsOf = it.AsOf
	}
}

// completeStart parts what lasts from a day to another, written in one, into its start and its end,
// and a start from its place behind it; a time of the day that stands by itself joins its day.
func (b *batch) completeStart(t valuesByRole, r Record) Record {
	start := t.facts[factStart]
	text, _ := start.V.(string)
	tell := func(fact, text string) {
		if _, told := t.facts[fact]; !told || fact == factStart {
			t.facts[fact] = Value{Name: start.Name, V: text}
		}
	}
	text = sources.Line(text)
	if from, until, ok := b.clock.places.Span(text, b.clock.notLongAgo()); ok {
		tell(factStart, from)
		tell(factEnd, until)
		return r
	}
	_, day, ok := b.clock.readTime(text, true)
	for at := len(text); !ok && at > 0; {
		if at = strings.LastIndexAny(text[:at], ",;·|(."); at > 0 {
			if _, day, ok = b.clock.readTime(text[:at], true); ok {
				tell(factStart, text[:at])
				tell(factPlace, strings.Trim(text[at:], " ,;·|()."))
				text = text[:at]
			}
		}
	}
	beside := t.parts[partAsOf]
	said, _ := beside.V.(string)
	full := text
	if day {
		full += " " + said
	}
	if _, day, fits := b.clock.readTime(full, true); !ok || said == "" || !fits || day {
		return r
	}
	if full == text && (PlainName(beside.Name) != "time" || said[0] < '0' || said[0] > '9') {
		return r // when it was written, or what happens then: no time of the day alone
	}
	tell(factStart, full)
	delete(t.parts, partAsOf)
	return slices.DeleteFunc(slices.Clone(r), func(v Value) bool { return v.Name == beside.Name })
}

// firstFact returns what stands for an item that has nothing else.
func firstFact(facts what.Facts) string {
	for _, f := range facts {
		if f.Kind != what.List && f.Text != "" {
			return sources.Shorten(f.Text, maxLine)
		}
	}
	return ""
}

// giveID gives the item its id, which is the same from fetch to fetch, and
// no other's.
func (b *batch) giveID(it *what.Item, t valuesByRole, r Record) {
	id := ""
	if b.options.Key != "" {
		for _, v := range r {
			if v.Name == b.options.Key {
				id = oneLine(v.V, maxLine)
			}
		}
	}
	if id == "" {
		switch b.options.Shape {
		case Quote:
			id = it.Facts.Text(factSymbol)
		case Product:
			id = cmp.Or(oneLine(t.parts[partID].V, maxLine), it.Facts.Text(factSKU))
		}
	}
	if id = cmp.Or(id, oneLine(t.parts[partID].V, maxLine), it.Link); id == "" {
		id = madeID(it)
	}
	it.ID = id
	if b.ids[id]++; b.ids[id] > 1 {
		it.ID = id + "#" + strconv.Itoa(b.ids[id])
	}
	if before, ok := b.known[it.ID]; ok && !it.Seen.IsZero() && !before.Seen.IsZero() && before.Seen.Before(it.Seen) && b.sameItem(before, *it) {
		it.Seen = before.Seen
	}
}

// sameItem reports whether two items tell the same: of a quote, the same price.
func (b *batch) sameItem(before, now what.Item) bool {
	return b.options.Shape != Quote || before.Facts.Text(factPrice) == now.Facts.Text(factPrice)
}

// madeID returns the id of an item that came with none.
func madeID(it *what.Item) string {
	sum := sha256.Sum256([]byte(it.Title + "\x00" + it.Facts.Text(factStart) + "\x00" + it.Published.UTC().Format(time.RFC3339)))
	return hex.EncodeToString(sum[:8])
}

// displayText returns a value as people are shown it, on one short line.
func displayText(text string) string { return sources.Shorten(sources.Line(text), 40) }

// Warnings returns the problems as a snapshot tells them: the first few, and how
// many more there are.
func (b Batch) Warnings() []words.Text {
	const most = 8
	var all []words.Text
	for i, p := range b.Problems {
		if i == most {
			return append(all, own.Text("more_problems", words.Args{"count": len(b.Problems) - most}))
		}
		all = append(all, p.Text())
	}
	return all
}

// Text returns the problem with its place: the number of the record, from 1, and the
// field.
func (p Problem) Text() words.Text {
	if p.Field == "" {
		return own.Text("at_record", words.Args{"number": p.Record + 1, "said": p.Said})
	}
	return own.Text("at_field", words.Args{"number": p.Record + 1, "field": displayText(p.Field), "said": p.Said})
}

// Lost says why no item was made of any record; zero where some were, or none
// was there.
func (b Batch) Lost() words.Text {
	i := slices.IndexFunc(b.Problems, func(p Problem) bool { return p.Lost })
	if len(b.Items) > 0 || i < 0 {
		return words.Text{}
	}
	return b.Problems[i].Text()
}
