package shape

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what"
	"keypull/pull/what/textform"
)

// role is what a value is to an item: a part of it, or a fact of a kind.
type role struct {
	part
	// fact is the name of the fact; kind how it is read.
	fact string
	kind reading
	// rank orders the names that fill one role: the lowest that is there does.
	rank int
}

// part is a part of an item that is no fact.
type part string

const (
	partID        part = "id"
	partTitle     part = "title"
	partSummary   part = "summary"
	partBody      part = "body"
	partLink      part = "link"
	partMedia     part = "media"
	partPublished part = "published"
	partAsOf      part = "as_of"
	partLanguage  part = "language"
)

// reading is how the value of a fact is read.
type reading string

const (
	asFound   reading = "found" // by its own type
	asPrice   reading = "price"
	asNumber  reading = "number"
	asMinutes reading = "minutes"
	asLines   reading = "lines"
	asMoment  reading = "moment"
	asStock   reading = "stock"
)

// Facts that shapes know.
const (
	factPrice       = "price"
	factCurrency    = "currency"
	factAdmission   = "admission"
	factChange      = "change"
	factUnit        = "change_unit"
	factSymbol      = "symbol"
	factName        = "name"
	factStock       = "stock"
	factSKU         = "sku"
	factStart       = "start"
	factEnd         = "end"
	factPlace       = "place"
	factIngredients = "ingredients"
	factSteps       = "steps"
	factPrep        = "prep_minutes"
	factCook        = "cook_minutes"
	factTotal       = "total_minutes"
	factYield       = "yield"
	factPaywall     = "paywall"
	factCredit      = "credit"
)

// FactNames lists the other names of an item, by which it is asked for; it is not told.
const FactNames = "also_called"

//go:embed names.txt
var nameTable string

// called lists the names that fill a part, the surest first: the first one is
// its own.
var called = textform.Keyed(nameTable)["parts"]

// known is a fact of a shape, and the names that fill it.
type known struct {
	fact  string
	kind  reading
	names []string
}

var facts = func() map[string][]known {
	all := map[string][]known{}
	textform.EachLine(nameTable, func(shape, line string) {
		if names := strings.Fields(line); shape != "parts" {
			all[shape] = append(all[shape], known{names[0], reading(names[1]), names[2:]})
		}
	})
	return all
}()

// rolesOf returns what each name, plainly written, is in a shape.
func rolesOf(shape string) map[string]role {
	roles := map[string]role{}
	add := func(r role, names []string) {
		for i, name := range names {
			r.rank = i
			if _, taken := roles[name]; !taken {
				roles[name] = r
			}
		}
	}
	for _, k := range facts[shape] {
		add(role{fact: k.fact, kind: k.kind}, append([]string{k.fact}, k.names...))
	}
	if shape == Quote || shape == Event {
		// The time of the fact is what the shape is about.
		add(role{part: partAsOf}, strings.Fields(called[string(partAsOf)]))
	}
	for _, p := range []part{partID, partTitle, partSummary, partBody, partLink, partMedia, partPublished, partAsOf, partLanguage} {
		names := strings.Fields(called[string(p)])
		if p == partAsOf && shape != Quote {
			names = names[:2]
		}
		add(role{part: p}, names)
	}
	return roles
}

// Facts returns the names of the facts that items of a shape may have which are
// made of values of these names: see sources.Factual.
func Facts(shape string, names []string) []string {
	var all []string
	for _, k := range facts[shape] {
		all = append(all, k.fact)
	}
	roles := rolesOf(shape)
	for _, name := range names {
		if r, ok := roles[PlainName(name)]; ok && r.rank == 0 {
			continue
		}
		if name = factCalled(name); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// Parts lists the names that fill the parts of an item of a shape, facts apart:
// what editors may name.
func Parts() []string {
	return []string{"id", "title", "summary", "body", "link", "image", "published", "as_of", "language"}
}

// PlainName returns a name as the roles are looked up by: "startDate", "Start date"
// and "START_DATE" are start_date.
func PlainName(name string) string {
	var b strings.Builder
	small := false
	for _, r := range strings.TrimSpace(name) {
		switch {
		case unicode.IsUpper(r):
			if small {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
			small = false
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		small = unicode.IsLetter(r)
	}
	if text := b.String(); text == "_id" {
		return text
	}
	return strings.Trim(b.String(), "_")
}

const maxFactName = 60

// changeSigns are what tables have above a column of changes where they name it by signs alone.
var changeSigns = map[string]bool{"+/-": true, "+/−": true, "+-": true, "±": true}

// factCalled returns the name of a fact that is like nothing that a shape knows:
// its own where templates can name it, else made so.
func factCalled(name string) string {
	written := strings.ReplaceAll(name, " ", "")
	plainly := name != ""
	for i, r := range name {
		letter := r == '_' || unicode.IsLetter(r)
		plainly = plainly && (letter || i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r)))
	}
	if !plainly {
		if name = PlainName(name); name == "" && changeSigns[written] {
			return factChange
		}
	}
	if len(name) > maxFactName {
		return strings.ToValidUTF8(name[:maxFactName], "")
	}
	return name
}

// NumberKind returns whether the fact of a number is a whole one or a decimal.
func NumberKind(text string) what.FactKind {
	if strings.Contains(text, ".") {
		return what.Decimal
	}
	return what.Integer
}
