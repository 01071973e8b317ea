package quote

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
)

const (
	maxSymbolsBytes = 8 << 20
	maxSymbols      = 20000
	offered         = 5
)

// free is what passes for a symbol where none are listed.
var free = regexp.MustCompile(`^[A-Za-z0-9.^=-]{1,20}$`)

// directory finds symbols by what readers call them.
type directory struct {
	symbols []Symbol
	// exact maps symbols in small letters, folded every folded name.
	exact, folded map[string]int
	// words are those of each symbol's names, folded, between spaces.
	words []string
}

func newDirectory(symbols []Symbol) directory {
	d := directory{exact: make(map[string]int, len(symbols)), folded: make(map[string]int, 2*len(symbols))}
	for _, s := range symbols {
		s.Name = sources.Line(s.Name)
		d.symbols = append(d.symbols, s)
	}
	for i, s := range d.symbols {
		note(d.exact, strings.ToLower(strings.TrimSpace(s.Symbol)), i)
	}
	for i, s := range d.symbols {
		note(d.folded, textform.Fold(s.Symbol), i)
		note(d.folded, textform.Fold(s.Name), i)
	}
	for i, s := range d.symbols {
		for _, alias := range s.Aliases {
			note(d.folded, textform.Fold(alias), i)
		}
		names := textform.Fold(strings.Join(append([]string{s.Name}, s.Aliases...), " "))
		d.words = append(d.words, " "+strings.Join(strings.FieldsFunc(names, noWord), " ")+" ")
	}
	return d
}

// note leaves a name to whom it belongs first.
func note(names map[string]int, name string, i int) {
	if _, taken := names[name]; !taken && name != "" {
		names[name] = i
	}
}

// find returns the symbol that an argument means.
func (d directory) find(argument string) (string, error) {
	argument = strings.TrimSpace(argument)
	if argument == "" {
		return "", &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: d.needed()}
	}
	if len(d.symbols) == 0 {
		if !free.MatchString(argument) || strings.Trim(argument, ".") == "" {
			return "", &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("symbol_odd", nil)}
		}
		return strings.ToUpper(argument), nil
	}
	if i, ok := d.exact[strings.ToLower(argument)]; ok {
		return d.symbols[i].Symbol, nil
	}
	if i, ok := d.folded[textform.Fold(argument)]; ok {
		return d.symbols[i].Symbol, nil
	}
	switch found := d.worded(argument); len(found) {
	case 0:
		return "", &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("symbol_unknown", words.Args{"symbols": d.examples()})}
	case 1:
		return d.symbols[found[0]].Symbol, nil
	default:
		e := &pull.Error{Kind: pull.Several, Op: op, Field: "argument", Hint: own.Text("several", nil)}
		for _, i := range found {
			e.Choices = append(e.Choices, d.symbols[i].term())
		}
		return "", e
	}
}

// worded returns the symbols that have all words of an argument among the
// words of their names, the shorter names first.
func (d directory) worded(argument string) []int {
	wanted := strings.FieldsFunc(textform.Fold(argument), noWord)
	if len(wanted) == 0 {
		return nil
	}
	var found []int
	for i, words := range d.words {
		if !slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(words, " "+word+" ") }) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return len(d.words[a]) - len(d.words[b]) })
	return found
}

func noWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }

// examples are some symbols to ask for.
func (d directory) examples() string {
	var names []string
	for _, s := range d.symbols[:min(len(d.symbols), offered)] {
		names = append(names, s.Symbol)
	}
	return strings.Join(names, ", ")
}

// needed asks for a symbol, with examples where any are known.
func (d directory) needed() words.Text {
	if len(d.symbols) == 0 {
		return own.Text("symbol_needed", nil)
	}
	return own.Text("symbol_needed_try", words.Args{"symbols": d.examples()})
}

// name returns what a symbol stands for, or the symbol.
func (d directory) name(symbol string) string {
	if i, ok := d.exact[strings.ToLower(symbol)]; ok && d.symbols[i].Name != "" {
		return d.symbols[i].Name
	}
	return symbol
}

func (d directory) terms() []what.Term {
	terms := make([]what.Term, 0, len(d.symbols))
	for _, s := range d.symbols {
		terms = append(terms, s.term())
	}
	return terms
}

// term is the symbol with its names, the company's first.
func (s Symbol) term() what.Term {
	t := what.Term{Value: s.Symbol}
	for _, name := range append([]string{s.Name, s.Symbol}, s.Aliases...) {
		if name != "" && (len(t.Names) == 0 || name != t.Names[0]) {
			t.Names = append(t.Names, name)
		}
	}
	return t
}

// readSymbols reads a symbols file.
func readSymbols(path string) ([]Symbol, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, bad(own.Text("file_unreadable", nil), err)
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF")))
	var symbols []Symbol
	if bytes.HasPrefix(text, []byte("[")) {
		if err := json.Unmarshal(text, &symbols); err != nil {
			return nil, bad(own.Text("file_no_list", words.Args{"example": `{"symbol": "WIPRO", "name": "Wipro Limited"}`}), err)
		}
	} else if symbols, err = symbolRows(text); err != nil {
		return nil, err
	}
	return checkSymbols(symbols)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 -- the operator's own setting names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxSymbolsBytes+1))
	if err == nil && len(text) > maxSymbolsBytes {
		return nil, fmt.Errorf("it is larger than %d bytes", maxSymbolsBytes)
	}
	return text, err
}

func symbolRows(text []byte) ([]Symbol, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.TrimLeadingSpace = delimiter(text), true, -1, true
	head, err := r.Read()
	if err != nil {
		return nil, bad(own.Text("file_no_head", nil), err)
	}
	symbol, name, aliases := column(head, "symbol"), column(head, "name"), column(head, "aliases")
	if symbol < 0 {
		return nil, bad(own.Text("file_no_column", nil), nil)
	}
	var symbols []Symbol
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return symbols, nil
		}
		if err != nil {
			return nil, bad(own.Text("file_no_csv", nil), err)
		}
		s := Symbol{Symbol: cell(row, symbol), Name: cell(row, name)}
		for alias := range strings.SplitSeq(cell(row, aliases), "|") {
			if alias = strings.TrimSpace(alias); alias != "" {
				s.Aliases = append(s.Aliases, alias)
			}
		}
		symbols = append(symbols, s)
	}
}

func checkSymbols(symbols []Symbol) ([]Symbol, error) {
	if len(symbols) == 0 {
		return nil, bad(own.Text("file_empty", nil), nil)
	}
	if len(symbols) > maxSymbols {
		return nil, bad(own.Text("file_many", words.Args{"max": maxSymbols}), nil)
	}
	for i, s := range symbols {
		if s.Symbol == "" || len(s.Symbol) > 64 {
			return nil, bad(own.Text("file_entry", words.Args{"number": i + 1}), nil)
		}
	}
	return symbols, nil
}

func bad(hint words.Text, err error) error {
	return &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: "symbols_file", Hint: hint, Err: err}
}
