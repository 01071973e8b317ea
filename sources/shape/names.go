package shape

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what"
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
type reading uint8

const (
	asFound reading = iota // by its own type
	asPrice
	asNumber
	asMinutes
	asLines
	asMoment
	asStock
	asText
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

// called lists the names that fill a part, the surest first: the first one is
// its own.
var called = map[part][]string{
	partID:        {"id", "guid", "uuid", "_id", "identifier"},
	partTitle:     {"title", "headline", "name", "titel", "titre", "titulo", "título", "subject", "label"},
	partSummary:   {"summary", "description", "excerpt", "teaser", "abstract", "short_description", "lead", "subtitle", "beschreibung", "resume", "résumé", "resumen", "descripción"},
	partBody:      {"body", "content", "text", "article_body", "content_html", "content_text", "full_text", "inhalt", "contenu", "contenido"},
	partLink:      {"link", "url", "href", "permalink", "web_url", "page", "lien", "enlace"},
	partMedia:     {"media", "image", "picture", "photo", "image_url", "images", "thumbnail", "img", "video", "audio", "bild", "foto"},
	partPublished: {"published", "published_at", "date_published", "pub_date", "pubdate", "publication_date", "date", "created_at", "created", "datum", "fecha"},
	partAsOf:      {"as_of", "asof", "last_trade", "traded_at", "timestamp", "time", "updated_at", "updated"},
	partLanguage:  {"language", "lang", "locale", "in_language", "langcode"},
}

// known is a fact of a shape, and the names that fill it.
type known struct {
	fact  string
	kind  reading
	names []string
}

var facts = map[string][]known{
	Recipe: {
		{factIngredients, asLines, []string{"recipe_ingredient", "recipe_ingredients", "ingredient", "zutaten"}},
		{factSteps, asLines, []string{"instructions", "recipe_instructions", "method", "directions", "preparation", "zubereitung"}},
		{factPrep, asMinutes, []string{"prep_time", "prep"}},
		{factCook, asMinutes, []string{"cook_time", "cook"}},
		{factTotal, asMinutes, []string{"total_time", "ready_in_minutes", "duration"}},
		{factYield, asFound, []string{"recipe_yield", "servings", "serves", "portions"}},
	},
	Quote: {
		{factPrice, asPrice, []string{"last", "last_price", "close", "rate", "value", "kurs", "cours"}},
		{factChange, asNumber, []string{"change_percent", "change_pct", "percent_change", "day_change"}},
		{factUnit, asText, nil},
		{factCurrency, asText, []string{"currency_code", "ccy", "price_currency", "waehrung", "währung", "devise"}},
		{factSymbol, asText, []string{"ticker", "isin", "code"}},
		{factName, asText, []string{"company", "long_name", "short_name"}},
	},
	Product: {
		{factPrice, asPrice, []string{"sale_price", "regular_price", "amount", "preis", "prix", "precio"}},
		{factCurrency, asText, []string{"currency_code", "price_currency", "ccy", "waehrung", "währung", "devise"}},
		{factStock, asStock, []string{"stock_quantity", "inventory_quantity", "quantity", "inventory", "in_stock", "available", "availability", "bestand", "lager"}},
		{factSKU, asText, []string{"article_number", "item_number", "mpn", "artikelnummer", "reference"}},
	},
	Event: {
		{factStart, asMoment, []string{"start_date", "start_time", "starts_at", "begin", "begins", "dtstart", "date", "when", "datum", "beginn", "debut", "début", "fecha", "inicio"}},
		{factEnd, asMoment, []string{"end_date", "end_time", "ends_at", "until", "dtend", "ende", "fin"}},
		{factPlace, asText, []string{"location", "venue", "where", "ort", "lieu", "lugar"}},
	},
}

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
		add(role{part: partAsOf}, called[partAsOf])
	}
	for _, p := range []part{partID, partTitle, partSummary, partBody, partLink, partMedia, partPublished, partAsOf, partLanguage} {
		names := called[p]
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
