package table

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/agenda"
	"keypull/sources/shape"
)

// Discover takes a table of two columns or more, and the page of a sheet for
// what lies behind it.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if at := sheetAddress(d.Address); at != d.Address {
		return []sources.Found{{At: at}}
	}
	if len(d.Body) > maxBytes || !looksLike(d) {
		return nil
	}
	if formOf(d.Body) == formPage {
		return ofPage(d)
	}
	lines, f, err := readSheet(d.Body, d.Type, options{})
	if err != nil {
		return nil
	}
	found := sources.Found{Form: string(f), Phrase: words.Text{Key: "asked.table"}, Title: titleOf(d), Told: true, Settings: map[string]any{"url": d.Address}}
	if all := (pageTable{sheet: lines}); all.tellsDays(d.Fetched) && all.beginsWithDays() {
		return daysOf(found, lines, d)
	}
	return rowsOf(found, lines, d)
}

// ofPage takes the tables and lists of prices of a web page that have names for their rows.
func ofPage(d sources.Document) (all []sources.Found) {
	const most = 4
	text, _ := sources.Encoded{Type: d.Type}.UTF8(d.Body)
	language, subject, called := cmp.Or(sources.ReadHead(d).Language, "en"), "", ""
	if root, _, err := sources.ParsePage(text); err == nil {
		subject, called = sources.SubjectOf(d, root), agenda.NamesOf(root)
	}
	tables := pageTables(text)
	for _, i := range byPlace(tables) {
		t := tables[i]
		weekly := t.tellsWeek(d.Fetched, language)
		if t.tellsHours(called, language) || t.tellsContacts() || isDay(t.name, d.Fetched) && !weekly || t.named && d.IsFront() || t.labels {
			continue
		}
		days := weekly || t.tellsDays(d.Fetched)
		if days && !weekly && !t.namesNothing() && !t.repeatsDays() { // a page tells of it, as of events
			continue
		}
		found := sources.Found{Form: string(formPage), Phrase: words.Text{Key: "asked.table"}, Title: t.name, Told: true, Settings: map[string]any{"url": d.Address}}
		if t.name != "" {
			found.Phrase = words.Verbatim(t.name)
		}
		if t.name != "" && agenda.IsOpening(t.name, language) && subject != "" {
			found.Phrase, found.Subject = words.Text{Key: "asked.hours"}, subject
		}
		asked := strings.Split(words.Text{Key: "asked.prices"}.In(language), "|")
		if found.Prices = t.prices || t.tellsPrices(); t.prices || found.Prices && sources.SaysWord(t.name, asked) {
			found.Subject = subject
		}
		if t.prices {
			found.Also = asked
			admission := strings.Split(words.Text{Key: "asked.admission"}.In(language), "|")
			if sources.SaysWord(t.name, admission) {
				found.Also = append(found.Also, admission...)
			}
		}
		if i > 0 || t.named {
			found.Settings["sheet"] = strconv.Itoa(i + 1)
		}
		of := rowsOf
		if days {
			of = daysOf
		}
		for _, f := range of(found, t.sheet, d) {
			if t.named {
				f.Listed, f.Settings["key"] = true, headlessKey
				f.Settings["columns"] = map[string]any{toldColumn: "summary"}
				if days {
					f.Settings["columns"] = map[string]any{headlessKey: "start", toldColumn: "title"}
				}
			}
			if (days || f.Settings["key"] != nil) && len(all) < most {
				all = append(all, f)
			}
		}
	}
	return all
}

// byPlace orders the tables of a page: a list of names that stands before a table goes before it.
func byPlace(tables []pageTable) (order []int) {
	for i, t := range tables {
		before := len(order)
		if t.named {
			before = slices.IndexFunc(order, func(other int) bool { return tables[other].at > t.at })
		}
		if before < 0 {
			before = len(order)
		}
		order = slices.Insert(order, before, i)
	}
	return order
}

// tellsHours reports whether a table is of opening hours, which are asked for otherwise: hours of the
// days below another heading are of something else, such as lessons, and so are those of another place.
func (t pageTable) tellsHours(called, language string) bool {
	if t.name != "" && !agenda.IsOpening(t.name, language) || t.captioned && agenda.IsOfAnother(t.name, called, language) {
		return false
	}
	var lines []string
	for _, l := range t.lines {
		lines = append(lines, strings.Join(l.cells, ", "))
	}
	return len(agenda.ReadHours(lines, language)) > 0
}

// tellsPrices reports whether most rows have a price.
func (t pageTable) tellsPrices() bool {
	priced := 0
	for _, l := range t.lines {
		if slices.ContainsFunc(l.cells, shape.IsPrice) {
			priced++
		}
	}
	return priced*2 > len(t.lines)
}

// tellsContacts reports whether a table without names of columns is of the offices of an outlet and how
// to reach them, which are asked for otherwise.
func (t pageTable) tellsContacts() bool {
	mail := func(l line) bool {
		return slices.ContainsFunc(l.cells, func(cell string) bool { return strings.Contains(cell, "@") })
	}
	return t.head != nil && !slices.ContainsFunc(t.lines, func(l line) bool { return !mail(l) })
}

// tellsDays reports whether the rows are of days to come: those of events.
func (t pageTable) tellsDays(now time.Time) bool {
	columns := make([][]string, maxColumns)
	for _, l := range t.lines {
		for i, cell := range l.cells {
			columns[i] = append(columns[i], cell)
		}
	}
	return shape.OfDays(columns, now)
}

// namesNothing reports whether the rows have days in their first column, and figures in all others, as
// times of the tide are.
func (t pageTable) namesNothing() bool {
	head, err := splitHeader(t.sheet)
	return err == nil && t.beginsWithDays() && !slices.ContainsFunc(head.rows, func(l line) bool {
		return slices.ContainsFunc(l.cells[1:], func(cell string) bool { return isName(cell, false) })
	})
}

// repeatsDays reports whether the rows have days in their first column, the same in several, as the high and
// the low waters of each have.
func (t pageTable) repeatsDays() bool {
	head, err := splitHeader(t.sheet)
	days := map[string]bool{}
	for _, l := range head.rows {
		days[l.cells[0]] = true
	}
	return err == nil && len(days)*2 <= len(head.rows) && t.beginsWithDays()
}

// tellsWeek reports whether each row is of another day of the week, as what a canteen serves is.
func (t pageTable) tellsWeek(now time.Time, language string) bool {
	head, err := splitHeader(t.sheet)
	const fewest = 3
	days := map[time.Time]bool{}
	for _, l := range head.rows {
		day, ok := sources.DayOfWeek(l.cells[0], now, language)
		if !ok || days[day] {
			return false
		}
		days[day] = true
	}
	return err == nil && len(days) >= fewest
}

// beginsWithDays reports whether each row begins with a day.
func (t pageTable) beginsWithDays() bool {
	head, err := splitHeader(t.sheet)
	return err == nil && len(head.rows) > 1 && !slices.ContainsFunc(head.rows, func(l line) bool { return !isDay(l.cells[0], time.Unix(0, 0)) })
}

// daysOf completes what is found of rows that are asked for by their days. Where several are of one day, what
// tells them apart is the first that is a name, and when it is the first that is a time.
func daysOf(found sources.Found, lines sheet, _ sources.Document) []sources.Found {
	t, err := splitHeader(lines)
	if err != nil || len(t.rows) == 0 || columns(t) < fewestColumns || t.head[0] == "" {
		return nil
	}
	called := map[string]any{t.head[0]: "start"}
	each := map[string]int{}
	for _, l := range t.rows {
		each[l.cells[0]]++
		found.Count = max(found.Count, min(each[l.cells[0]], mostOfDay))
		found.Shows = append(found.Shows, l.cells[0])
	}
	if found.Count > 1 || len(t.head) == fewestColumns {
		t.callFirst(called, "title", func(cell string) bool { return isName(cell, false) })
		t.callFirst(called, "time", shape.IsClock)
	}
	if t.head[0] == headlessKey {
		found.Settings["key"] = headlessKey
	}
	found.Settings["shape"], found.Settings["columns"] = shape.Event, called
	return []sources.Found{found}
}

// mostOfDay is how many rows of one day are told at once.
const mostOfDay = 6

// callFirst gives a name to the first column behind that of days in which all cells are of a kind.
func (t table) callFirst(called map[string]any, name string, is func(cell string) bool) {
	for i, head := range t.head[1:] {
		if called[head] == nil && head != "" && !slices.ContainsFunc(t.rows, func(l line) bool { return i+1 >= len(l.cells) || !is(l.cells[i+1]) }) {
			called[head] = name
			return
		}
	}
}

// isDay reports whether a text names a day, as the heading of a table does whose rows are what is on
// then.
func isDay(name string, now time.Time) bool { return !sources.PlainDates.LastDay(name, now).IsZero() }

// rowsTold is how many rows are told where none is asked for.
const rowsTold = 5

// rowsOf completes what is found by the rows: what they are called by, and the first.
func rowsOf(found sources.Found, lines sheet, d sources.Document) []sources.Found {
	t, err := splitHeader(lines)
	if err != nil || len(t.rows) == 0 || columns(t) < fewestColumns {
		return nil
	}
	s := &Settings{}
	if names := namesOf(t); len(names) > 0 {
		s.Key = names[0]
		if s.Key != headlessKey {
			found.Rows = s.Key
		}
		found.Settings["key"], found.Needs, found.Count = s.Key, true, rowsTold
		if len(names) > 1 {
			s.Columns = map[string]string{names[1]: "title"}
			found.Settings["columns"] = map[string]any{names[1]: "title"}
		}
	}
	found.Symbols = symbolsOf(t)
	records, names := s.makeRecords(t)
	made := shape.New(shape.Options{Untyped: true, Key: s.keyName()}).Make(records[:min(len(records), 3)], d.Fetched, nil)
	for i, it := range made.Items {
		found.Shows = append(found.Shows, it.Title)
		if i == 0 && len(names[0]) > 0 {
			found.Argument = names[0][0]
		}
	}
	return []sources.Found{found}
}

// symbolsOf returns the columns of figures that are called by a symbol, where not all heads are written in capitals.
func symbolsOf(t table) (all []string) {
	const fewest = 3
	small := func(h string) bool { return strings.ContainsFunc(h, unicode.IsLower) }
	letter := func(h string) bool { return strings.ContainsFunc(h, unicode.IsUpper) }
	if !slices.ContainsFunc(t.head, small) {
		return nil
	}
	for i, h := range t.head {
		figure := func(l line) bool { return i < len(l.cells) && strings.ContainsAny(l.cells[i], "0123456789") }
		if utf8.RuneCountInString(h) >= fewest && letter(h) && !small(h) && textform.IsSymbol(h) && slices.ContainsFunc(t.rows, figure) {
			all = append(all, h)
		}
	}
	return all
}

// looksLike keeps texts of other kinds apart: what is served as a table, or is
// parted as one.
func looksLike(d sources.Document) bool {
	if f := formOf(d.Body); f != formText {
		return f != ""
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

// namesOf returns the column that rows are called by: the first whose cells all differ
// and are names, and not all days, else the one of names that differ most. Of two such beside each
// other, one of symbols and one of what these stand for, the symbols are the first.
func namesOf(t table) (all []string) {
	symbols := map[string]bool{}
	often, most := "", (len(t.rows)-1)/2
	for i, h := range t.head {
		seen := map[string]bool{}
		symbols[h] = true
		named, days := 0, 0
		for _, l := range t.rows {
			if i >= len(l.cells) || len(l.cells[i]) > 80 || strings.Contains(l.cells[i], "://") || i > 0 && shape.IsPrice(l.cells[i]) || !isName(l.cells[i], i == 0) {
				break
			}
			named++
			seen[l.cells[i]] = true
			symbols[h] = symbols[h] && textform.IsSymbol(l.cells[i])
			if isDay(l.cells[i], time.Unix(0, 0)) {
				days++
			}
		}
		if h == "" || named < len(t.rows) || days == len(t.rows) {
			continue
		}
		if len(seen) == len(t.rows) {
			all = append(all, h)
		} else if len(seen) > most {
			often, most = h, len(seen)
		}
	}
	if len(all) == 0 && often != "" {
		return []string{often}
	}
	switch {
	case len(all) > 1 && symbols[all[0]] && !symbols[all[1]]:
		return all[:2]
	case len(all) > 1 && symbols[all[1]] && !symbols[all[0]]:
		return []string{all[1], all[0]}
	}
	return all[:min(len(all), 1)]
}

// isName reports whether a cell is a name: it begins with a letter or has more of them than figures, or
// has one and is the first of its row, as "1st lesson" is.
func isName(cell string, first bool) bool {
	letters, figures := 0, 0
	for _, r := range cell {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			figures++
		}
	}
	r, _ := utf8.DecodeRuneInString(cell)
	return unicode.IsLetter(r) || letters > figures || first && letters > 0
}

func titleOf(d sources.Document) string {
	u, err := url.Parse(d.URL)
	if err != nil {
		return ""
	}
	name := path.Base(u.Path)
	return strings.TrimSuffix(name, path.Ext(name))
}
