package table

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"keypull/sources"
)

// delimiters are what cells are parted by.
var delimiters = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "bar": '|'}

// readText reads CSV, TSV and their like. Quotes may stand within cells, and
// rows may differ in length.
func readText(body []byte, contentType string, o options) (sheet, error) {
	if isPage(body) || len(strings.TrimSpace(string(body[:min(len(body), 4096)]))) == 0 && len(body) < 4096 {
		return sheet{}, notTableError(body)
	}
	plain, guessed := sources.Encoded{Type: contentType, Named: o.encoding, Languages: o.languages}.UTF8(body)
	text := strings.ToValidUTF8(string(plain), "\uFFFD")
	if i := strings.IndexByte(text, 0); i >= 0 {
		return sheet{}, notTableError(body)
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	first := 0
	comma, given := delimiters[o.delimiter]
	if said, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(said, "sep=") && len([]rune(said)) == 5 {
		// as Excel has it
		if !given {
			comma, given = []rune(said)[4], true
		}
		text, first = rest, 1
	}
	if !given {
		comma = sniff(text)
	}
	s, err := parse(text, comma, first)
	s.guessed = guessed
	return s, err
}

func parse(text string, comma rune, first int) (sheet, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma, true, -1, true
	var s sheet
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return sheet{}, unusableError("no_csv", nil)
		}
		at, _ := r.FieldPos(0)
		kept := make([]string, 0, min(len(cells), maxColumns))
		for _, c := range cells[:min(len(cells), maxColumns)] {
			kept = append(kept, cellText(c))
		}
		if !s.addLine(line{number: first + at, cells: kept}) {
			return s, nil
		}
	}
}

// cellText returns the text of a cell, copied, so that it does not hold the document.
func cellText(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxCell {
		text = strings.ToValidUTF8(text[:maxCell], "") + "…"
	}
	return strings.Clone(text)
}

// sniff finds what parts the cells: of what parts most rows into as many cells,
// that which makes the most of them. Quoted cells do not count.
func sniff(text string) rune {
	const (
		rows  = 30
		bytes = 64 << 10
	)
	head := text[:min(len(text), bytes)]
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		r := csv.NewReader(strings.NewReader(head))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = d, true, -1, true
		widths := map[int]int{}
		for range rows {
			cells, err := r.Read()
			if err != nil {
				break
			}
			widths[len(cells)]++
		}
		for width, times := range widths {
			// what parts every row into two is surer than what parts one into many
			if score := min(width, 50) * times * times; width > 1 && score > most {
				best, most = d, score
			}
		}
	}
	return best
}
