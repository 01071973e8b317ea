package quote

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"keypull/pull/settings"
	"keypull/pull/sheet"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
)

var (
	_ sources.Discoverer = (*Settings)(nil)
	_ sources.Asking     = (*Settings)(nil)
)

// Asks returns what is looked up: a price is that of something.
func (*Settings) Asks() words.Text { return own.Text("symbols.symbol.label", nil) }

// Discover takes an answer in JSON or CSV that holds a price, by what such values are
// usually called. Where nothing is called so the editor is left to say where it stands,
// if the address has the place of a symbol.
func (*Settings) Discover(d sources.Document) []sources.Found {
	s := &Settings{Format: formatOf(d)}
	if s.Format == "" {
		return nil
	}
	symbol := d.Argument
	at, found := placed(d.Address, func(text string) bool { return mentions(d.Body, text) })
	if found != "" {
		symbol = found
	}
	values := s.Places(sources.Document{Body: d.Body, Argument: symbol})
	if !slices.ContainsFunc(values, func(p settings.Place) bool { return isNumber(p.Value) }) {
		return nil
	}
	f := sources.Found{
		Form: strings.ToUpper(s.Format), Needs: true, Phrase: words.Text{Key: "asked.quote"}, Argument: symbol,
		Title: d.Host(), Settings: map[string]any{"url": at, "format": s.Format},
	}
	price, told := guess(values, isNumber, "price", "last", "last_price", "regularmarketprice", "close", "rate", "value", "quote", "bid", "preis", "kurs", "prix", "cours", "precio")
	_, named := guess(values, func(v string) bool { return v != "" }, "symbol", "ticker", "isin", "instrument", "pair", "currency")
	if traded := named || strings.Contains(d.Address, placeholder) || textform.IsSymbol(symbol); !traded && !priced(price.Name) {
		return nil // numbers of another kind: the weather, a score
	}
	if isOneOfMany(price.Path, values) {
		own, ok := guess(values, func(v string) bool { return v != "" }, "symbol", "ticker", "isin")
		if ok && !strings.EqualFold(own.Value, symbol) || !ok && !textform.IsSymbol(symbol) {
			return nil // the first of many: of an index one of its shares, and no day of a share
		}
	}
	if !strings.Contains(at, placeholder) && !strings.Contains(price.Path, placeholder) {
		f.Open = append(f.Open, "url")
	}
	if !told {
		f.Open = append(f.Open, "price")
		return []sources.Found{f}
	}
	f.Settings["price"] = price.Path
	f.Shows = append(f.Shows, strings.TrimSpace(symbol+" "+price.Value))
	if strings.Contains(at, placeholder) && textform.IsSymbol(symbol) && strings.IndexFunc(symbol, unicode.IsLetter) == 0 {
		f.Topics = []string{symbol}
		if name, ok := guess(values, func(v string) bool { return v != "" && len(v) <= 40 && !isNumber(v) }, "name", "longname", "short_name", "company"); ok && !strings.EqualFold(name.Value, symbol) {
			f.Topics[0] += "|" + name.Value
		}
	}
	for _, other := range []struct {
		field string
		names []string
		fits  func(string) bool
	}{
		{"change", []string{"change_percent", "changepercent", "percent_change", "change_pct", "change", "net_change"}, isNumber},
		{"currency", []string{"currency", "ccy", "currency_code", "currencycode"}, func(v string) bool { return v != "" && len(v) <= 8 }},
		{"as_of", []string{"as_of", "asof", "time", "timestamp", "datetime", "date", "updated", "updated_at", "last_trade", "traded_at"}, func(v string) bool { return v != "" }},
	} {
		if p, ok := guess(values, other.fits, other.names...); ok {
			f.Settings[other.field] = p.Path
		}
	}
	return []sources.Found{f}
}

// isOneOfMany reports whether a value lies in a list whose next entry has such a value, too.
func isOneOfMany(path string, values []settings.Place) bool {
	steps := strings.Split(path, ".")
	for i, step := range steps {
		if step != "0" {
			continue
		}
		next := strings.Join(slices.Concat(steps[:i], []string{"1"}, steps[i+1:]), ".")
		if slices.ContainsFunc(values, func(p settings.Place) bool { return p.Path == next }) {
			return true
		}
	}
	return false
}

// priced reports whether a value is called a price, and nothing else.
func priced(name string) bool {
	return slices.Contains([]string{"price", "last_price", "regularmarketprice", "preis", "kurs", "prix", "cours", "precio"}, strings.ToLower(name))
}

// guess returns the value that is called by one of the names, the first that is
// there; of several of a name the first.
func guess(values []settings.Place, fits func(string) bool, names ...string) (settings.Place, bool) {
	plainly := func(name string) string {
		return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(name))
	}
	for _, name := range names {
		for _, p := range values {
			if p.Path != "" && plainly(p.Name) == name && fits(p.Value) {
				return p, true
			}
		}
	}
	return settings.Place{}, false
}

func isNumber(text string) bool {
	n, err := parseNumeral(text, true)
	return err == nil && n.Unit != percent
}

// formatOf returns what a document is written as, or "" if it is neither.
func formatOf(d sources.Document) string {
	kind := d.MediaType()
	switch {
	case len(d.Body) > maxQuoteBytes, d.IsPage():
		return ""
	case d.IsJSON() && json.Valid(bytes.TrimPrefix(d.Body, []byte("\xEF\xBB\xBF"))):
		return formatJSON
	case kind == "text/csv" || strings.HasPrefix(kind, "text/") && isTable(d.Body):
		return formatCSV
	}
	return ""
}

// isTable says whether a text has columns: two rows of as many cells.
func isTable(body []byte) bool {
	text := strings.TrimSpace(strings.TrimPrefix(string(body), "\uFEFF"))
	r := sheet.Cells(text, 0)
	head, err := r.Read()
	if err != nil || len(head) < 2 || strings.IndexAny(text, "{[<") == 0 {
		return false
	}
	row, err := r.Read()
	return err == nil && len(row) == len(head)
}

// symbolNames are how services call the parameter of the symbol, the surest
// first.
var symbolNames = []string{"symbol", "ticker", "isin", "sym", "instrument", "pair", "code", "s", "q", "id", "name"}

// placed puts the placeholder in the place of the symbol in an address, and
// returns the symbol that stood there: what a parameter says, or a part of the
// path, that the answer speaks of.
func placed(address string, mentioned func(string) bool) (at, symbol string) {
	for _, other := range []string{"%7Bsymbol%7D", "%7bsymbol%7d"} {
		address = strings.ReplaceAll(address, other, placeholder)
	}
	if strings.Contains(address, placeholder) {
		return address, ""
	}
	one := !strings.Contains(address, "&")
	return places.Put(address, "symbol", func(param, value string) int {
		n := slices.Index(symbolNames, strings.ToLower(param))
		switch {
		case param == "" && mentioned(value):
			return 1
		case param == "":
		case n >= 0 && mentioned(value):
			return 100 - n
		case n >= 0 && n < 6:
			return 80 - n
		case mentioned(value) && !isNumber(value):
			return 60
		case n >= 0 && one:
			return 40 - n
		}
		return 0
	})
}

// mentions says whether a text stands in an answer as a whole value or name.
func mentions(body []byte, text string) bool {
	const least = 2
	if len(text) < least || !bytes.Contains(bytes.ToLower(body), bytes.ToLower([]byte(text))) {
		return false
	}
	whole, err := regexp.Compile(`(?i)(?:^|["',;|\s])` + regexp.QuoteMeta(text) + `(?:["',;|\s]|$)`)
	return err == nil && whole.Match(body)
}
