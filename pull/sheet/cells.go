package sheet

import (
	"encoding/csv"
	"strings"
)

// Cells reads CSV, TSV and their like, row by row: parted by a delimiter, or, where that
// is 0, by what the text says of it in a first line as Excel has it, or else shows. Rows
// may differ in length, and quotes may stand within cells.
func Cells(text string, delimiter rune) *csv.Reader {
	text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, mark), "\r\n", "\n"), "\r", "\n")
	if said, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(said, "sep=") && len([]rune(said)) == 5 {
		if delimiter == 0 {
			delimiter = []rune(said)[4]
		}
		text = "\n" + rest // so that its lines keep their numbers
	}
	if delimiter == 0 {
		delimiter = delimiterOf(text)
	}
	return reader(text, delimiter)
}

func reader(text string, delimiter rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = delimiter, true, -1
	return r
}

// delimiterOf finds what parts the cells: of what parts most rows into as many cells,
// that which makes the most of them. Quoted cells do not count.
func delimiterOf(text string) rune {
	const (
		rows  = 30
		bytes = 64 << 10
	)
	head := text[:min(len(text), bytes)]
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		r := reader(head, d)
		r.ReuseRecord = true
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
