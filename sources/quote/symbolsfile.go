package quote

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/sheet"
	"keypull/pull/words"
	"keypull/sources"
)

// readSymbols reads a symbols file, and names what was guessed of its encoding.
func readSymbols(path string, languages []string) (symbols []Symbol, guessed string, err error) {
	text, _, err := sources.ReadFile(path, maxSymbolsBytes, "")
	if err != nil {
		return nil, "", bad(own.Text("file_unreadable", nil), err)
	}
	return parseSymbols(text, languages)
}

// parseSymbols reads a list of symbols: CSV, a JSON list of objects, also where
// it lies within another object, or a JSON object of names by symbol. It names what
// was guessed of its encoding.
func parseSymbols(text []byte, languages []string) (symbols []Symbol, guessed string, err error) {
	text, guessed = sources.Encoded{Languages: languages}.UTF8(text)
	text = bytes.TrimSpace(text)
	if len(text) > 0 && (text[0] == '[' || text[0] == '{') {
		symbols, err = symbolObjects(text)
	} else {
		symbols, err = symbolRows(text)
	}
	if err == nil {
		symbols, err = checkSymbols(symbols)
	}
	return symbols, guessed, err
}

// What services call the columns of a list of symbols, the surest first.
var (
	symbolColumns = []string{"symbol", "ticker", "code", "id"}
	nameColumns   = []string{"name", "description", "title", "longname"}
)

// symbolObjects reads one entry of a JSON list after the other, so that a long
// list lies in memory once.
func symbolObjects(text []byte) ([]Symbol, error) {
	fail := func(err error) ([]Symbol, error) {
		return nil, bad(own.Text("file_no_list", words.Args{"example": `{"symbol": "WIPRO", "name": "Wipro Limited"}`}), err)
	}
	if text[0] == '{' {
		var whole map[string]json.RawMessage
		if err := json.Unmarshal(text, &whole); err != nil {
			return fail(err)
		}
		var named []Symbol
		for _, key := range slices.Sorted(maps.Keys(whole)) {
			var name string
			if list := bytes.TrimSpace(whole[key]); len(list) > 0 && list[0] == '[' {
				return symbolObjects(list)
			}
			if json.Unmarshal(whole[key], &name) == nil {
				named = append(named, Symbol{Symbol: key, Name: name})
			}
		}
		return named, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return fail(err)
	}
	var symbols []Symbol
	for decoder.More() && len(symbols) <= maxSymbols {
		var entry map[string]any
		if err := decoder.Decode(&entry); err != nil {
			return fail(err)
		}
		symbols = append(symbols, symbolOf(entry))
	}
	if len(symbols) <= maxSymbols {
		if _, err := decoder.Token(); err != nil {
			return fail(err)
		}
	}
	return symbols, nil
}

// symbolOf reads one entry of a list.
func symbolOf(entry map[string]any) Symbol {
	text := func(columns []string) string {
		for _, name := range columns {
			if value, ok := entry[name].(string); ok && value != "" {
				return value
			}
		}
		return ""
	}
	s := Symbol{Symbol: text(symbolColumns), Name: text(nameColumns)}
	aliases, _ := entry["aliases"].([]any)
	for _, alias := range aliases {
		if value, ok := alias.(string); ok && value != "" {
			s.Aliases = append(s.Aliases, value)
		}
	}
	return s
}

func symbolRows(text []byte) ([]Symbol, error) {
	r := sheet.Cells(string(text), 0)
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if err != nil {
		return nil, bad(own.Text("file_no_head", nil), err)
	}
	symbol, name, aliases := oneOf(head, symbolColumns), oneOf(head, nameColumns), columnIndex(head, "aliases")
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
		s := Symbol{Symbol: cellAt(row, symbol), Name: cellAt(row, name)}
		for alias := range strings.SplitSeq(cellAt(row, aliases), "|") {
			if alias = strings.TrimSpace(alias); alias != "" {
				s.Aliases = append(s.Aliases, alias)
			}
		}
		symbols = append(symbols, s)
	}
}

// oneOf returns the first column that is called by one of some names, or -1.
func oneOf(head, names []string) int {
	for _, name := range names {
		if i := columnIndex(head, name); i >= 0 {
			return i
		}
	}
	return -1
}

func checkSymbols(symbols []Symbol) ([]Symbol, error) {
	if len(symbols) == 0 {
		return nil, bad(own.Text("file_empty", nil), nil)
	}
	if len(symbols) > maxSymbols {
		return nil, bad(own.Text("file_many", words.Args{"max": maxSymbols}), nil)
	}
	for i, s := range symbols {
		if s.Symbol == "" || len(s.Symbol) > 64 || strings.Contains(s.Symbol, between) {
			return nil, bad(own.Text("file_entry", words.Args{"number": i + 1}), nil)
		}
	}
	return symbols, nil
}

func bad(hint words.Text, err error) error {
	return &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: "symbols_file", Hint: hint, Err: err}
}
