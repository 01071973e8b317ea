package table

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"keypull/sources"
	"keypull/sources/shape"
)

// Discover takes a table of two columns or more, and the page of a sheet for
// what lies behind it.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if at := sheetAddress(d.Address); at != d.Address {
		return []sources.Found{{At: at}}
	}
	body := d.Body
	if len(body) > maxBytes || d.IsPage() || !looksLike(d) {
		return nil
	}
	lines, f, err := read(body, d.Type, options{})
	if err != nil {
		return nil
	}
	t, err := headed(lines)
	if err != nil || len(t.rows) == 0 || columns(t) < 2 {
		return nil
	}
	found := sources.Found{Form: string(f), Phrase: own.Text("phrase", nil), Title: titleOf(d), Settings: map[string]any{"url": d.Address}}
	s := &Settings{}
	if key := keyOf(t); key != "" {
		s.Key = key
		found.Settings["key"] = key
		found.Needs = true
	}
	records, names := s.records(t)
	made := shape.New(shape.Options{Untyped: true, Key: s.named()}).Make(records[:min(len(records), 3)], d.Fetched, nil)
	for i, it := range made.Items {
		found.Shows = append(found.Shows, it.Title)
		if i == 0 && len(names[0]) > 0 {
			found.Argument = names[0][0]
		}
	}
	return []sources.Found{found}
}

// looksLike keeps texts of other kinds apart: what is served as a table, or is
// parted as one.
func looksLike(d sources.Document) bool {
	if formOf(d.Body) != formText {
		return formOf(d.Body) != ""
	}
	switch d.MediaType() {
	case "text/csv", "text/tab-separated-values", "application/csv", "text/comma-separated-values":
		return true
	}
	head := strings.TrimSpace(string(d.Body[:min(len(d.Body), 512)]))
	if head == "" || strings.ContainsAny(head[:1], "{[<") || strings.HasPrefix(head, "BEGIN:") {
		return false
	}
	u, err := url.Parse(d.Address)
	if err == nil && slices.Contains([]string{".csv", ".tsv", ".tab"}, strings.ToLower(path.Ext(u.Path))) {
		return true
	}
	return strings.HasPrefix(d.MediaType(), "text/plain")
}

// wideIn says whether a column has a name, and something in most rows.
func wideIn(t table, column int) bool {
	filled := 0
	for _, l := range t.rows {
		if column < len(l.cells) && l.cells[column] != "" {
			filled++
		}
	}
	return t.head[column] != "" && filled*2 > len(t.rows)
}

func columns(t table) int {
	n := 0
	for i := range t.head {
		if wideIn(t, i) {
			n++
		}
	}
	return n
}

// keyOf returns the first column whose cells all differ and are names, or "".
func keyOf(t table) string {
	for i, h := range t.head {
		seen := map[string]bool{}
		letters := 0
		for _, l := range t.rows {
			if i >= len(l.cells) || l.cells[i] == "" || seen[l.cells[i]] || len(l.cells[i]) > 80 {
				break
			}
			seen[l.cells[i]] = true
			if strings.ContainsFunc(l.cells[i], isLetter) && !strings.Contains(l.cells[i], "://") {
				letters++
			}
		}
		if h != "" && len(seen) == len(t.rows) && letters == len(t.rows) {
			return h
		}
	}
	return ""
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 }

func titleOf(d sources.Document) string {
	u, err := url.Parse(d.URL)
	if err != nil {
		return ""
	}
	name := path.Base(u.Path)
	return strings.TrimSuffix(name, path.Ext(name))
}
