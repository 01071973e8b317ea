package page

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"

	"keypull/sources"
	"keypull/sources/shape"
)

// spellBlocks makes the shortest selector that finds some elements that are alike, and
// nothing on the page that is not. It may find more of them than were given: then the
// shortest for these alone is made, too, unless the page itself says that they are one.
func (l *layout) spellBlocks(given []*element) (found []blocks) {
	g := family{all: map[*element]bool{}, build: l.buildOf(sampleOf(given)), parent: given[0].Parent, aside: asideOf(given[0], true), cells: countCells(given[0])}
	for _, n := range given {
		g.all[n] = true
	}
	for _, text := range l.spellings(given) {
		all, ok := l.selectBlocks(text, given[0].Data)
		if !ok || len(all) < len(given) || len(all) > shape.MaxRecords {
			continue
		}
		further, ok := l.furtherIn(g, all)
		if !ok {
			continue
		}
		if len(found) == 0 || further == 0 {
			found = append(found, blocks{selector: text, all: all})
		}
		if further == 0 || strings.ContainsAny(text, signMarks) {
			break
		}
	}
	return found
}

// family is a set of elements that others are held against.
type family struct {
	all    map[*element]bool
	build  build
	parent *element
	aside  bool
	// cells is how many each row of a table has.
	cells int
}

// countCells returns how many cells a row has.
func countCells(row *element) (n int) {
	for c := range row.ChildNodes() {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			n++
		}
	}
	return n
}

// furtherIn counts the elements that a family may have beside its own; false where one
// of its own is missing, one holds another, one is not like them, or most are empty.
func (l *layout) furtherIn(g family, all []*element) (further int, ok bool) {
	own, empty := 0, 0
	var last *element
	for _, n := range all {
		if last != nil && holdsAll([]*element{last}, []*element{n}) {
			return 0, false
		}
		last = n
		switch {
		case g.all[n]:
			own++
		case l.runes[n] == 0:
			empty++
		case n.Parent == g.parent, asideOf(n, true) != g.aside, n.DataAtom == atom.Tr && countCells(n) != g.cells, g.build.likeness(l.waysIn(n)) < .4:
			return 0, false
		default:
			further++
		}
	}
	return further, own == len(g.all) && empty*2 <= len(all)
}

// signMarks stand in a selector before what the page calls an element.
const signMarks = ".#["

// selectBlocks returns what a selector finds of the elements of a name; false where
// it can't be followed, or when enough was looked at.
func (l *layout) selectBlocks(text, name string) ([]*element, bool) {
	s, err := parseSelector(text)
	if err != nil || l.looks < 0 {
		return nil, false
	}
	var all []*element
	for _, n := range l.tags[name] {
		l.looks--
		if s.group.Match(n) {
			all = append(all, n)
		}
	}
	return all, true
}

// spellings returns selectors for elements of one name and parent, the best first: what
// they are called, else what they lie in is called, else how they lie.
func (l *layout) spellings(given []*element) []string {
	own := signsInCommon(given)
	tag := given[0].Data
	var all []string
	for i, sign := range own {
		own[i] = tag + sign
		all = append(all, own[i])
	}
	if given[0].DataAtom == atom.Tr {
		// The first row may name the columns.
		all, own = append(all, "tr:has(td)", "tr + tr"), append(own, "tr:has(td)", "tr + tr")
	}
	own = append(own, tag)
	all = append(all, tag)
	const highest = 6
	chain := ""
	for n, up := given[0].Parent, 0; n != nil && up < highest && n.DataAtom != atom.Html && n.Type != 0; n, up = n.Parent, up+1 {
		between := " "
		if up == 0 {
			between = " > "
		}
		for _, above := range namesOf(n) {
			for _, o := range own {
				all = append(all, above+between+o)
			}
			if chain != "" {
				all = append(all, above+chain+" > "+own[0], above+chain+" > "+tag)
			}
		}
		chain = " > " + n.Data + chain
	}
	return append(all, placeSpellings(given[0], own)...)
}

// placeSpellings returns selectors that say where elements lie, by numbers where they
// must.
func placeSpellings(n *element, own []string) (all []string) {
	const highest = 4
	plain, numbered := "", ""
	for above, up := n.Parent, 0; above != nil && up < highest && above.DataAtom != atom.Html && above.Parent != nil; above, up = above.Parent, up+1 {
		plain, numbered = above.Data+" > "+plain, numberedOf(above)+" > "+numbered
		for _, o := range own {
			all = append(all, plain+o)
		}
		for _, o := range own {
			all = append(all, numbered+o)
			for _, name := range namesOf(above.Parent) {
				all = append(all, name+" > "+numbered+o)
			}
		}
	}
	return all
}

// numberedOf spells an element by its number among those of its name, where there are
// several.
func numberedOf(n *element) string {
	number, several := 1, false
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Data == n.Data && s.Type == n.Type {
			number++
		}
	}
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		several = several || s.Data == n.Data && s.Type == n.Type
	}
	if number == 1 && !several {
		return n.Data
	}
	return fmt.Sprintf("%s:nth-of-type(%d)", n.Data, number)
}

// signsInCommon returns what selectors may name of all given elements, the plainest
// first.
func signsInCommon(given []*element) []string {
	signs := signsOn(given[0])
	for _, n := range given[1:] {
		has := signsOn(n)
		signs = slices.DeleteFunc(signs, func(sign string) bool { return !slices.Contains(has, sign) })
	}
	return signs
}

// namesOf returns what an element above others may be called in a selector.
func namesOf(n *element) (names []string) {
	if id := sources.Attribute(n, "id"); plainName.MatchString(id) && !looksMade(id) {
		names = append(names, "#"+id)
	}
	names = append(names, signsOn(n)...)
	switch n.DataAtom {
	case atom.Main, atom.Article, atom.Section, atom.Table, atom.Tbody, atom.Ul, atom.Ol, atom.Dl, atom.Nav, atom.Aside, atom.Header, atom.Footer:
		names = append(names, n.Data)
	}
	const most = 4
	return names[:min(len(names), most)]
}

// signsOn returns what selectors may name of an element, besides its name: what it is
// for, then its classes, then the beginnings of those that a program ends.
func signsOn(n *element) (signs []string) {
	for _, name := range []string{"itemprop", "data-testid", "data-test", "data-component", "data-type"} {
		if value := sources.Attribute(n, name); plainName.MatchString(value) && !looksMade(value) {
			signs = append(signs, "["+name+"="+value+"]")
		}
	}
	for _, class := range classesOf(n) {
		signs = append(signs, "."+class)
	}
	for class := range strings.FieldsSeq(sources.Attribute(n, "class")) {
		if stem := stemOf(class); stem != "" {
			signs = append(signs, `[class*="`+stem+`"]`)
		}
	}
	return signs
}

// classesOf returns the classes of an element that are likely to stay, those that say
// what it is before those that say how it looks.
func classesOf(n *element) []string {
	var all []string
	for class := range strings.FieldsSeq(sources.Attribute(n, "class")) {
		if plainName.MatchString(class) && len(class) <= 40 && !looksMade(class) && !passing.MatchString(class) && !slices.Contains(all, class) {
			all = append(all, class)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int {
		rank := func(class string) int {
			if looking.MatchString(class) {
				return 1
			}
			return 0
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return all
}

var (
	plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,60}$`)
	// passing are classes of a state, or of a place in a list.
	passing = regexp.MustCompile(`^(first|last|odd|even|active|current|selected|open|closed|visible|hidden|hover|focus|new|featured|sticky|clearfix|(is|has|js|ng|v)-.*|.*(--|-)(first|last|odd|even|active|current|selected|open|featured))$|[0-9]{3,}`)
	// looking are classes that say how an element looks.
	looking = regexp.MustCompile(`^(m|p|w|h|d|g|z|mt|mb|ml|mr|mx|my|pt|pb|pl|pr|px|py|col|row|flex|grid|block|inline|text|bg|border|rounded|shadow|items|justify|gap|space|font|leading|tracking|float|align|container|wrapper|left|right|center|small|large|relative|absolute)(-.*|[0-9]*)$`)
	// machines are beginnings of classes behind which nothing is written by hand.
	machines = regexp.MustCompile(`^(css|sc|jss|jsx|svelte|emotion|styled|astro|r)-`)
)

// looksMade reports whether a program has made a name, so that it changes with the
// next release of a site.
func looksMade(name string) bool {
	return machines.MatchString(name) || slices.ContainsFunc(wordsOfName(name), wordMade)
}

func wordsOfName(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' })
}

// wordMade reports whether no one would write a word: digits among its letters, small
// and capital letters in turn, or five letters without a vowel.
func wordMade(word string) bool {
	const short = 5
	letters, vowels, turns, capitals := 0, 0, 0, 0
	digitBefore, turned := false, false
	var before rune
	for _, r := range word {
		switch {
		case unicode.IsDigit(r):
			digitBefore = true
		case unicode.IsLetter(r):
			letters++
			turned = turned || digitBefore
			if unicode.IsUpper(r) {
				capitals++
				if unicode.IsLower(before) {
					turns++
				}
			}
			if strings.ContainsRune("aeiouyAEIOUY", r) {
				vowels++
			}
		}
		before = r
	}
	if len(word) < short {
		return turned && letters > 0 && len(word) > 2
	}
	return turned || digitBefore && capitals > 0 && turns > 0 || letters >= short && vowels == 0 || turns > 0 && letters < 3*(turns+1)
}

// stemOf returns the beginning of a class that a program ends: "Card_root__" of
// "Card_root__3xYz9"; "" where nothing of it is written by hand.
func stemOf(class string) string {
	const least = 4
	if !plainName.MatchString(class) || machines.MatchString(class) {
		return ""
	}
	end := 0
	for _, word := range wordsOfName(class) {
		at := end + strings.Index(class[end:], word)
		if wordMade(word) {
			if at < least {
				return ""
			}
			return class[:at]
		}
		end = at + len(word)
	}
	return ""
}
