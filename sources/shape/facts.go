package shape

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// readFacts reads the facts of a record: first those of the shape in their order,
// then all others. It is false where the item is none without one of them.
func (b *batch) readFacts(it *what.Item, t valuesByRole, r Record) bool {
	for _, k := range facts[b.options.Shape] {
		v, ok := t.facts[k.fact]
		if !ok {
			if k.fact == factPrice && b.options.Shape == Quote {
				b.addProblem(factPrice, true, own.Text("no_price", nil))
				return false
			}
			continue
		}
		if !b.readFact(it, k, v) && k.fact == factPrice && b.options.Shape == Quote {
			b.markLost()
			return false
		}
	}
	for _, v := range r {
		role, ok := b.roles[PlainName(v.Name)]
		if ok && (role.rank == 0 || role.part == partBody || role.part == partMedia || role.kind == asLines) || len(it.Facts) >= maxFacts {
			continue
		}
		name := factCalled(v.Name)
		if _, double := it.Facts.Find(name); name == "" || double {
			continue
		}
		if f, ok := b.plainFact(name, v); ok {
			it.Facts = append(it.Facts, f)
		}
	}
	return true
}

// readFact reads one fact that the shape knows. What is not readable is a problem,
// and told by its text where that says something all the same.
func (b *batch) readFact(it *what.Item, k known, v Value) bool {
	f := what.Fact{Name: k.fact}
	text, _ := valueText(v.V)
	var ok bool
	switch k.kind {
	case asLines:
		f.Kind, f.List = what.List, linesOf(v.V)
		ok = len(f.List) > 0
	case asMinutes:
		f.Kind = what.Integer
		f.Text, ok = minutesIn(v.V)
	case asPrice, asNumber:
		return b.addNumber(it, k, v)
	case asMoment:
		f.Text, ok = b.moment(v.V)
	case asStock:
		f, ok = b.stock(v), true
	case asFound:
		f, ok = b.plainFact(k.fact, v)
	default:
		f.Text = oneLine(v.V, maxFact)
		ok = f.Text != ""
	}
	if !ok {
		switch k.kind {
		case asMinutes:
			b.addProblem(v.Name, false, own.Text("no_minutes", words.Args{"shown": displayText(text)}))
		case asMoment:
			b.addProblem(v.Name, false, own.Text("no_moment", words.Args{"shown": displayText(text)}))
		}
		return false
	}
	it.Facts = append(it.Facts, f)
	return true
}

// addNumber reads a price or a change, with the unit beside it.
func (b *batch) addNumber(it *what.Item, k known, v Value) bool {
	text, _ := valueText(v.V)
	c := b.commas[v.Name]
	if isNumeric(v.V) {
		c = Points
	}
	n, err := ReadNumber(text, c)
	if k.kind == asPrice && (err != nil || n.Unit != "" && !currency.MatchString(n.Unit)) {
		n, err = readPriceFor(text, c)
	}
	if k.kind == asPrice && err != nil {
		if _, price, named := CutPrice(text); named { // "Annual fee: ₹999"
			n, err = ReadNumber(price, c)
		}
	}
	percent := n.Unit == "%"
	if err != nil || k.kind == asPrice && percent {
		b.addProblem(v.Name, false, own.Text("no_number", words.Args{"shown": displayText(text)}))
		return false
	}
	kind := NumberKind(n.Text)
	if b.options.Shape == Quote {
		kind = what.Decimal
	}
	it.Facts = append(it.Facts, what.Fact{Name: k.fact, Kind: kind, Text: n.Text})
	unit, name := n.Unit, factCurrency
	if k.fact == factChange {
		name = factUnit
		if plainly := PlainName(v.Name); unit == "" && (strings.Contains(plainly, "percent") || strings.Contains(plainly, "pct")) {
			unit = "%"
		}
	}
	if _, told := b.current.facts[name]; unit != "" && !told {
		it.Facts = append(it.Facts, what.Fact{Name: name, Text: unit})
	}
	return true
}

// readPriceFor reads a price with what it is for behind it: the unit of "3,99 € al mese" is "€ al mese",
// that of "39 €/anno" is "€/anno".
func readPriceFor(text string, c Comma) (Numeral, error) {
	const long = 40
	words := strings.Fields(strings.ReplaceAll(sources.Line(text), "/", " /"))
	for i := len(words) - 1; i > 0; i-- {
		n, err := ReadNumber(strings.Join(words[:i], " "), c)
		if err != nil || !currency.MatchString(n.Unit) {
			continue
		}
		of := strings.ReplaceAll(strings.Join(words[i:], " "), "/ ", "/")
		if len(of) > long || numeral.MatchString(of) || !strings.ContainsFunc(of, unicode.IsLetter) {
			break
		}
		n.Unit = strings.ReplaceAll(n.Unit+" "+of, " /", "/")
		return n, nil
	}
	return Numeral{}, errNoNumber
}

// currency is a sign, or three letters as ISO 4217 has them.
var currency = regexp.MustCompile(`^(?:\pL{0,3}\p{Sc}|\p{Lu}{3}|Rs\.?|kr\.?|zł|Kč|Ft|lei|[Ee]uros?|[Dd]ollars?)$`)

// moment writes a time as facts have it: RFC 3339, or the day alone.
func (b *batch) moment(v any) (string, bool) {
	at, day, ok := b.clock.readTime(v, true)
	switch {
	case !ok:
		return "", false
	case day:
		return at.Format(time.DateOnly), true
	case b.clock.local != nil:
		at = at.In(b.clock.local)
	}
	return at.Format(time.RFC3339), true
}

// nameMarks part the words of a name.
var nameMarks = strings.NewReplacer("_", "", "-", "", " ", "")

// stock returns how many there are, or whether there are any.
func (b *batch) stock(v Value) what.Fact {
	text := oneLine(v.V, maxFact)
	if n, err := ReadNumber(text, Points); err == nil && n.Unit == "" {
		return what.Fact{Name: factStock, Kind: NumberKind(n.Text), Text: n.Text}
	}
	plainly := strings.ToLower(text[strings.LastIndexByte(text, '/')+1:])
	switch nameMarks.Replace(plainly) {
	case "true", "yes", "instock", "available", "instoreonly", "onlineonly", "limitedavailability":
		text = inStock
	case "false", "no", "outofstock", "soldout", "unavailable", "discontinued":
		text = soldOut
	case "preorder", "presale", "backorder", "onbackorder":
		text = preorder
	}
	return what.Fact{Name: factStock, Text: text}
}

// What a stock is called that is no number.
const (
	inStock  = "in stock"
	soldOut  = "sold out"
	preorder = "to order"
)

// codes are names of values that are no numbers, whatever they are written with.
var codes = regexp.MustCompile(`(?:^|_)(?:id|sku|code|zip|postcode|postal|plz|phone|t[eé]l[eé](?:f|ph)\pL*|telepon|телефон|电话|電話|هاتف|โทรศัพท์|फ़ोन|tel|fax|isbn|ean|gtin|number|nr|no|iban|vat|version|year|plate)(?:_|$)`)

// plainFact returns a fact by the type of its value.
func (b *batch) plainFact(name string, v Value) (what.Fact, bool) {
	switch value := v.V.(type) {
	case []any, []string:
		lines := linesOf(value)
		return what.Fact{Name: name, Kind: what.List, List: lines}, len(lines) > 0
	case time.Time:
		text, ok := b.moment(value)
		return what.Fact{Name: name, Text: text}, ok
	}
	text, ok := valueText(v.V)
	if !ok {
		return what.Fact{}, false
	}
	switch {
	case isNumeric(v.V):
		if n, err := ReadNumber(text, Points); err == nil {
			return what.Fact{Name: name, Kind: NumberKind(n.Text), Text: n.Text}, true
		}
	case b.options.Untyped && !codes.MatchString(PlainName(v.Name)):
		if n, err := ReadNumber(text, b.commas[v.Name]); err == nil && n.Unit == "" && !strings.HasPrefix(strings.TrimSpace(text), "+") && !zeroLed(text) && !isShortGrouped(text, n) {
			return what.Fact{Name: name, Kind: NumberKind(n.Text), Text: n.Text}, true
		}
	}
	text = oneLine(text, maxFact)
	return what.Fact{Name: name, Text: text}, text != ""
}

// isShortGrouped reports whether a whole number of four digits is written with a sign among them: told as a number it
// would lose that, since it may be a year.
func isShortGrouped(text string, n Numeral) bool {
	const digits = 4
	return len(strings.TrimPrefix(n.Text, "-")) == digits && !strings.Contains(n.Text, ".") && strings.ContainsAny(strings.TrimSpace(text), ".,'’ \u00a0\u202f")
}

// zeroLed returns what is written as no number is: 00123.
func zeroLed(text string) bool {
	text = strings.TrimLeft(strings.TrimSpace(text), "-")
	return len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9'
}

// readTimes reads when the item was published and when it was true.
func (b *batch) readTimes(it *what.Item, t valuesByRole) {
	timed := b.options.Shape == Quote
	if v, ok := t.parts[partPublished]; ok && !timed {
		at, _, known := b.clock.readTime(v.V, false)
		if it.Published = at.UTC(); !known {
			it.Published = time.Time{}
			it.Seen = b.fetched.UTC()
			text, _ := valueText(v.V)
			b.addProblem(v.Name, false, own.Text("no_moment", words.Args{"shown": displayText(text)}))
		}
	}
	v, ok := t.parts[partAsOf]
	if !ok {
		return
	}
	at, _, known := b.clock.readTime(v.V, false)
	text, _ := valueText(v.V)
	if ahead := at.Sub(b.fetched); known && timed && ahead > sources.Skew {
		b.addProblem(v.Name, false, own.Text("moment_ahead", words.Args{"shown": displayText(text)}))
		if known = ahead > 24*time.Hour; known {
			// Who judges on it is the cache of snapshots.
			it.AsOf = at.UTC()
			return
		}
	} else if !known {
		b.addProblem(v.Name, false, own.Text("no_moment", words.Args{"shown": displayText(text)}))
	}
	if !known {
		it.Seen = b.fetched.UTC()
		return
	}
	it.AsOf, it.ToMinute = at.UTC(), ToMinute(v.V)
	if it.AsOf.After(b.fetched) {
		it.AsOf = b.fetched.UTC()
	}
}
