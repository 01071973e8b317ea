package withdrawal

import (
	"slices"
	"time"

	"keypull/pull/what"
)

// Set are the rules of a publisher that hold at a moment. It is immutable; nil
// is the set without rules.
type Set struct {
	rules []Rule
	next  time.Time

	links map[string][]int
	items map[item][]int
	texts []wanted
	// titles are those of withdrawn items, by source; marks what readers' documents
	// keep of items of which there is something to say.
	titles map[item]bool
	marks  map[string][]int
}

// item names an item of a source, "" of any.
type item struct{ source, id string }

// wanted is a text that a rule looks for.
type wanted struct {
	words string
	rule  int
}

// Told is an item that a reply tells, and the keyword that it tells it for.
type Told struct {
	Source  string `json:"source"`
	ID      string `json:"id"`
	Link    string `json:"link,omitempty"`
	Keyword string `json:"keyword,omitempty"`
}

// New returns those rules that hold at a moment.
func New(rules []Rule, at time.Time) *Set {
	s := &Set{links: map[string][]int{}, items: map[item][]int{}, titles: map[item]bool{}, marks: map[string][]int{}}
	for _, r := range rules {
		if r.Ended || r.Over(at) {
			continue
		}
		if !r.Until.IsZero() && (s.next.IsZero() || r.Until.Before(s.next)) {
			s.next = r.Until
		}
		s.rules = append(s.rules, r)
		s.add(len(s.rules)-1, &r)
	}
	if len(s.rules) == 0 {
		return nil
	}
	return s
}

func (s *Set) add(i int, r *Rule) {
	link := func(address string) {
		if address = Link(address); address != "" && !slices.Contains(s.links[address], i) {
			s.links[address] = append(s.links[address], i)
		}
	}
	id := func(source, id string) {
		if at := (item{source, id}); id != "" && !slices.Contains(s.items[at], i) {
			s.items[at] = append(s.items[at], i)
		}
	}
	link(r.Link)
	id(r.Source, r.Item)
	id(r.Source, r.Link)
	if words := Words(r.Text); words != "" {
		s.texts = append(s.texts, wanted{words, i})
	}
	for _, f := range r.Found {
		link(f.Link)
		id(f.Source, f.ID)
		if words := Words(f.Title); words != "" && !r.Corrects {
			s.titles[item{f.Source, words}] = true
		}
	}
	if r.Say == "" {
		return
	}
	for _, mark := range r.itemMarks() {
		s.marks[mark] = append(s.marks[mark], i)
	}
}

// Over reports whether a rule has ended since the set was made, by a moment.
func (s *Set) Over(at time.Time) bool { return s != nil && !s.next.IsZero() && !at.Before(s.next) }

// Rules returns those that hold, the latest last.
func (s *Set) Rules() []Rule {
	if s == nil {
		return nil
	}
	return slices.Clone(s.rules)
}

// rulesFor returns the rules that an item of a source falls under. A rule that names an item by its
// id holds for what other sources tell by that item's link, too.
func (s *Set) rulesFor(source string, it *what.Item) (rules []int) {
	if s == nil {
		return nil
	}
	add := func(all []int, byLink bool) {
		for _, i := range all {
			if r := &s.rules[i]; (r.Source == "" || r.Source == source || byLink && r.Item != "") && !slices.Contains(rules, i) {
				rules = append(rules, i)
			}
		}
	}
	add(s.items[item{"", it.ID}], false)
	add(s.items[item{source, it.ID}], false)
	if it.Link != "" && len(s.links) > 0 {
		add(s.links[Link(it.Link)], true)
	}
	if len(s.texts) == 0 {
		return rules
	}
	said := saidIn(it)
	for _, t := range s.texts {
		if slices.ContainsFunc(said, func(words string) bool { return namesWords(t.words, words) }) {
			add([]int{t.rule}, false)
		}
	}
	return rules
}

// saidIn returns the texts of an item, as Words.
func saidIn(it *what.Item) (all []string) {
	say := func(texts ...string) {
		for _, text := range texts {
			if text != "" {
				all = append(all, Words(text))
			}
		}
	}
	say(it.Title, it.Summary, it.Body)
	for _, f := range it.Facts {
		say(f.Text)
		say(f.List...)
	}
	return all
}

// Gone reports whether an item of a source is told nobody.
func (s *Set) Gone(source string, it *what.Item) bool {
	for _, i := range s.rulesFor(source, it) {
		if !s.rules[i].Corrects {
			return true
		}
	}
	return false
}

// Lines returns what is told beside an item of a source: its corrections, the latest
// last.
func (s *Set) Lines(source string, it *what.Item) (lines []string) {
	all := s.rulesFor(source, it)
	slices.Sort(all)
	for _, i := range all {
		if r := &s.rules[i]; r.Corrects && r.Say != "" {
			lines = append(lines, r.Say)
		}
	}
	return lines
}

// Rest returns the items of a source that may be told: the very slice where that
// is all of them.
func (s *Set) Rest(source string, items []what.Item) []what.Item {
	if s == nil {
		return items
	}
	gone := func(it what.Item) bool { return s.Gone(source, &it) }
	at := slices.IndexFunc(items, gone)
	if at < 0 {
		return items
	}
	rest := slices.Clone(items[:at])
	for _, it := range items[at+1:] {
		if !gone(it) {
			rest = append(rest, it)
		}
	}
	return rest
}

// Names reports whether a name that a source lists is that of an item which is
// told nobody.
func (s *Set) Names(source, name string) bool {
	return s != nil && len(s.titles) > 0 && s.titles[item{source, Words(name)}]
}

// Tells reports whether an answer must not be told any more: by the items that it
// tells, or, where a text was withdrawn after it was asked for, by what it says.
func (s *Set) Tells(told []Told, said []string, asked time.Time) bool {
	if s == nil {
		return false
	}
	for _, t := range told {
		if s.Gone(t.Source, &what.Item{ID: t.ID, Link: t.Link}) {
			return true
		}
	}
	for _, t := range s.texts {
		if r := &s.rules[t.rule]; r.Corrects || r.Source != "" || r.decidedAt().Before(asked) {
			continue
		}
		for _, text := range said {
			if namesWords(t.words, Words(text)) {
				return true
			}
		}
	}
	return false
}

// Said returns what there is to say, by rules made after a moment, to a reader whose
// document keeps a mark, of what they saw at another: the rules, the oldest first.
func (s *Set) Said(mark string, saw, after time.Time) (rules []Rule) {
	if s == nil {
		return nil
	}
	for _, i := range s.marks[mark] {
		if r := s.rules[i]; r.At.After(after) && r.At.After(saw) {
			rules = append(rules, r)
		}
	}
	return rules
}
