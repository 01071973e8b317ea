package quote

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
)

// naming is where an answer names what it tells of, and how the service writes
// that: any of Is, in which the places stand for the symbol that was asked for.
type naming struct {
	At string   `json:"at"`
	Is []string `json:"is"`
}

// What stands for parts of a symbol in such a text, beside {symbol}, and {from} and
// {to} for what stands before and behind its first sign: its letters and digits
// without signs, and of these the last three and those before them.
const (
	lettersPlace = "{letters}"
	headPlace    = "{head}"
	tailPlace    = "{tail}"
	tailLetters  = 3
)

// namingsUsed returns where answers name what they tell of, as the settings say it.
func (s *Settings) namingsUsed() []naming {
	if s.Naming == "" {
		return s.known
	}
	return []naming{{At: s.Naming}}
}

// spelled is a symbol as a text with places has it.
func spelledAs(text, symbol string) string {
	from, to := symbol, ""
	if at := strings.IndexAny(symbol, "/-_:"); at > 0 {
		from, to = symbol[:at], symbol[at+1:]
	}
	letters := sources.Signless(symbol)
	cut := max(0, len(letters)-tailLetters)
	return strings.NewReplacer(placeholder, symbol, fromPlace, from, toPlace, to, lettersPlace, letters,
		headPlace, letters[:cut], tailPlace, letters[cut:]).Replace(text)
}

// isNamed reports whether an answer about a symbol may call it so.
func (s *source) isNamed(symbol, called string, is []string) bool {
	if len(is) == 0 {
		is = []string{placeholder}
	}
	if s.settings.Spelling != "" {
		is = append(slices.Clone(is), s.settings.Spelling)
	}
	names := []string{symbol}
	for one, other := range s.same {
		if rest, ok := strings.CutPrefix(strings.ToUpper(symbol), one); ok {
			names = append(names, other+rest)
		}
	}
	spelled := slices.ContainsFunc(is, func(text string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(spelledAs(text, name), called) })
	})
	return spelled || slices.ContainsFunc(s.directory.Load().listed(symbol).Aliases, func(alias string) bool { return textform.SameName(alias, called) })
}

// checkNaming refuses an answer that names another symbol than the one that was asked
// for, as far as it names one.
func (s *source) checkNaming(v values, symbol string) error {
	for i, n := range s.settings.namingsUsed() {
		if at := v.at[namingField(i)]; at.found && at.text != "" && !s.isNamed(symbol, strings.TrimSpace(at.text), n.Is) {
			return otherSymbol(symbol, at.text)
		}
	}
	if len(v.names) > 0 && !slices.ContainsFunc(v.names, func(name string) bool { return s.isNamed(symbol, name, nil) }) {
		return otherSymbol(symbol, v.names[0])
	}
	return nil
}

func namingField(i int) string { return "naming." + strconv.Itoa(i) }

// otherSymbol says what the answer is about, and which setting would have it pass
// for another spelling, if it may be one: none without its ending.
func otherSymbol(symbol, called string) error {
	called = strings.TrimSpace(called)
	key, args := "other_symbol", words.Args{"symbol": sources.Shorten(sources.Line(symbol), 40), "named": sources.Shorten(sources.Line(called), 40)}
	at := strings.Index(strings.ToUpper(called), strings.ToUpper(symbol))
	switch {
	case strings.EqualFold(sources.Signless(symbol), called):
		key, args["spelling"] = "other_spelling", lettersPlace
	case at >= 0 && len(called) < 60:
		key, args["spelling"] = "other_spelling", called[:at]+placeholder+called[at+len(symbol):]
	}
	proposed, _ := args["spelling"].(string)
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "spelling", Proposed: proposed, Hint: own.Text(key, args)}
}

// namesIn returns the symbols that stand in the objects around a price, where nothing
// says where they do.
func namesIn(holders []any) []string {
	var names []string
	for _, holder := range holders {
		object, _ := holder.(map[string]any)
		for name, member := range object {
			names = append(names, symbolIn(name, member)...)
			below, _ := member.(map[string]any)
			for name, member := range below {
				names = append(names, symbolIn(name, member)...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func symbolIn(name string, member any) []string {
	const longest = 30
	text, ok := member.(string)
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	text = strings.TrimSpace(text)
	switch {
	case !ok || sources.Signless(text) == "" || len(text) > longest || strings.ContainsFunc(text, unicode.IsSpace):
		return nil
	case plain == "symbol" || plain == "ticker" || plain == "sym" || plain == "tickersymbol" || plain == "stocksymbol" || plain == "instrument" || plain == "pair":
		return []string{text}
	}
	return nil
}
