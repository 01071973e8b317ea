package journal

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull/compact"
)

// FigureDays is for how many days figures are kept, today among them: two years.
const FigureDays = 731

// Bounds of what is told apart on a day: what comes beyond them counts as OtherName.
const (
	mostFigureHours = 25
	mostDayNames    = 100
	mostNames       = 20_000
	// OtherName is what all those count as that are not told apart.
	OtherName = "*"
)

// Sums are a row of figures: asks by how they ended, how many of them were answered with
// what was behind, how long they took, how old the answers were, and how often readers
// thought well of an answer, not well, or said that it is wrong.
type Sums struct {
	Counts
	Stale int       `json:"stale"`
	Took  Histogram `json:"took"`
	Age   Histogram `json:"age"`
	Up    int       `json:"up"`
	Down  int       `json:"down"`
	Wrong int       `json:"wrong"`
	// Clicks are links in answers that readers followed, Amended the answers that were told
	// with a correction.
	Clicks  int `json:"clicks"`
	Amended int `json:"amended"`
}

// IsEmpty says that nothing is counted.
func (s *Sums) IsEmpty() bool {
	return s.Asks == 0 && s.Up == 0 && s.Down == 0 && s.Wrong == 0 && s.Clicks == 0
}

// AddSums adds those of another row.
func (s *Sums) AddSums(other *Sums) {
	s.mergeCounts(other.Counts)
	s.Stale += other.Stale
	s.Took.mergeHistogram(&other.Took)
	s.Age.mergeHistogram(&other.Age)
	s.Up += other.Up
	s.Down += other.Down
	s.Wrong += other.Wrong
	s.Clicks += other.Clicks
	s.Amended += other.Amended
}

// addOpinion counts what a reader thinks of an answer.
func (s *Sums) addOpinion(t *Trace) {
	switch {
	case t.Rated == "":
	case t.Thumb > 0:
		s.Up++
	case t.Thumb < 0:
		s.Down++
	}
	if t.Wrong != "" {
		s.Wrong++
	}
}

// addAsk counts a whole ask.
func (s *Sums) addAsk(t *Trace) {
	s.addOpinion(t)
	switch t.Outcome {
	case Told:
		return // a reaction to an answer, and no ask
	case Clicked:
		s.Clicks++
		return
	}
	s.addTrace(t)
	s.Took.addMillis(t.Took.Total)
	stale, amended := false, false
	for w := range t.Ran() {
		stale, amended = stale || isStale(w), amended || isAmended(w)
		if age, ok := servedAge(t.At, w); ok {
			s.Age.addMillis(age)
		}
	}
	if stale {
		s.Stale++
	}
	if amended {
		s.Amended++
	}
}

// addWish counts one keyword of an ask, or the source behind it.
func (s *Sums) addWish(t *Trace, w *Wish, counted Outcome) {
	s.countOutcome(counted, 1)
	s.Took.addMillis(t.Took.Total)
	if isStale(w) {
		s.Stale++
	}
	if isAmended(w) {
		s.Amended++
	}
	if age, ok := servedAge(t.At, w); ok {
		s.Age.addMillis(age)
	}
}

func isStale(w *Wish) bool   { return w.Outcome == Answered && w.When.Stale }
func isAmended(w *Wish) bool { return w.Outcome == Answered && w.When.Amended }

// DayFigures are the figures of a publisher's day but those of its keywords and sources: by
// the hours since midnight, channels and languages.
type DayFigures struct {
	Hours     []Sums          `json:"hours"`
	Channels  map[string]Sums `json:"channels"`
	Languages map[string]Sums `json:"languages"`
	Visits    Visits          `json:"visits"`
}

// Visits are the readers of a day: those who asked on it for the first time, and how many
// of them had asked on a day before, as far as they agreed that so much is kept of them.
// Monthly and MonthlyBack are those who asked in its month for the first time on it, and
// how many of them had asked in a month before.
type Visits struct {
	Daily       int `json:"daily"`
	Back        int `json:"back"`
	Monthly     int `json:"monthly"`
	MonthlyBack int `json:"monthly_back"`
}

// AddVisits adds those of another day.
func (v *Visits) AddVisits(other Visits) {
	v.Daily += other.Daily
	v.Back += other.Back
	v.Monthly += other.Monthly
	v.MonthlyBack += other.MonthlyBack
}

// addVisit counts who asked for the first time that day.
func (v *Visits) addVisit(of Visit) {
	for bit, n := range map[Visit]*int{FirstOfDay: &v.Daily, BackOnDay: &v.Back, FirstOfMonth: &v.Monthly, BackInMonth: &v.MonthlyBack} {
		if of&bit != 0 {
			*n++
		}
	}
}

// AddAsk counts an ask, whose At is in the publisher's zone.
func (d *DayFigures) AddAsk(t *Trace) {
	if t.Outcome == Told && t.Rated == "" {
		return
	}
	hour := min(int(t.At.Sub(StartOfDay(t.At))/time.Hour), mostFigureHours-1)
	for len(d.Hours) <= hour {
		d.Hours = append(d.Hours, Sums{})
	}
	d.Hours[hour].addAsk(t)
	d.Visits.addVisit(t.Who.Visit)
	d.Channels = addNamed(d.Channels, t.Channel, t)
	if t.Outcome == Clicked {
		return // whose language it is, nobody knows
	}
	d.Languages = addNamed(d.Languages, t.Who.Language, t)
}

// addNamed counts an ask in a row, or in that of OtherName where there are too many.
func addNamed(rows map[string]Sums, name string, t *Trace) map[string]Sums {
	if rows == nil {
		rows = map[string]Sums{}
	}
	if _, there := rows[name]; !there && len(rows) >= mostDayNames {
		name = OtherName
	}
	row := rows[name]
	row.addAsk(t)
	rows[name] = row
	return rows
}

// FigurePart names what figures are told apart by that are large.
type FigurePart string

// The parts.
const (
	KeywordFigures FigurePart = "keywords"
	SourceFigures  FigurePart = "sources"
)

// NamedFigures are the figures of a publisher's day by keywords, or by sources.
type NamedFigures map[string]*Sums

// AddKeywords counts the keywords of an ask: those that ran, were offered, or helped.
func (f NamedFigures) AddKeywords(t *Trace) {
	if rated := cmp.Or(t.Rated, t.Wrong); rated != "" {
		f.row(rated).addOpinion(t)
	}
	for w := range t.Ran() {
		if t.Counted() == Clicked {
			f.row(w.Keyword).Clicks++
			continue
		}
		asked, outcome := t.askedKeywords(w)
		for _, id := range asked {
			f.row(id).addWish(t, w, outcome)
		}
	}
}

// askedKeywords returns the keywords that count as asked by a wish of an ask, and what became of it: those
// that ran, were offered, or helped.
func (t *Trace) askedKeywords(w *Wish) (keywords []string, outcome Outcome) {
	switch {
	case t.Counted() == Clicked:
		return nil, Clicked
	case t.Counted() == Helped:
		return t.helpers(), Helped
	case w.Outcome == Offered && len(t.Wishes) == 0:
		return t.What.Offered, Offered
	case w.Keyword != "" && (w.Outcome == Answered || w.Outcome == Refused || w.Outcome == Offered):
		return []string{w.Keyword}, w.Outcome
	}
	return nil, w.Outcome
}

// AddSources counts the sources that an ask was answered from.
func (f NamedFigures) AddSources(t *Trace) {
	for w := range t.Ran() {
		counted := w.Outcome
		if t.Counted() == Helped {
			counted = Helped
		}
		switch counted {
		case Clicked:
			f.row(w.When.Source).Clicks++
		case Answered, Refused, Offered, Helped, Missed:
			f.row(w.When.Source).addWish(t, w, counted)
		}
	}
}

func (f NamedFigures) row(id string) *Sums {
	if id == "" {
		return &Sums{}
	}
	if s, there := f[id]; there {
		return s
	}
	if len(f) >= mostNames {
		id = OtherName
	}
	s := f[id]
	if s == nil {
		s = &Sums{}
		f[id] = s
	}
	return s
}

// KeepMost keeps the rows of those that were asked most, and adds up all others.
func (f NamedFigures) KeepMost(most int) {
	if len(f) <= most {
		return
	}
	ids := slices.SortedFunc(maps.Keys(f), func(a, b string) int {
		return cmp.Or(f[b].Asks-f[a].Asks, strings.Compare(a, b))
	})
	for _, id := range ids[most:] {
		if id == OtherName {
			continue
		}
		s := f[id]
		delete(f, id)
		if f[OtherName] == nil {
			f[OtherName] = &Sums{}
		}
		f[OtherName].AddSums(s)
	}
}

// nameColumns is how named figures are written: in columns, of which many days are
// added up without an allocation a row.
type nameColumns struct {
	Names    []string `json:"names"`
	Answered []uint64 `json:"answered"`
	Refused  []uint64 `json:"refused"`
	Offered  []uint64 `json:"offered"`
	Helped   []uint64 `json:"helped"`
	Missed   []uint64 `json:"missed"`
	Stale    []uint64 `json:"stale"`
	Up       []uint64 `json:"up"`
	Down     []uint64 `json:"down"`
	Wrong    []uint64 `json:"wrong"`
	Clicks   []uint64 `json:"clicks"`
	Amended  []uint64 `json:"amended"`
	// Took and Age have each row's histogram behind its length.
	Took []byte `json:"took"`
	Age  []byte `json:"age"`
}

//nolint:gochecknoglobals // made once, of types and constants
var (
	dayCodec = compact.New[DayFigures](1, `
journal.DayFigures: hours channels languages visits
journal.Visits: daily back monthly monthly_back
journal.Sums: asks wanted answered refused offered helped missed ordered commands greetings silent first stale took age up down wrong clicks amended
journal.Histogram: zeros first counts
`)
	namesCodec = compact.New[nameColumns](1, `
journal.nameColumns: names answered refused offered helped missed stale took age up down wrong clicks amended
`)
)

// EncodeDay writes the figures of a day.
func (d *DayFigures) EncodeDay() []byte { return dayCodec.Append(nil, d) }

// DecodeDay reads what EncodeDay wrote.
func DecodeDay(b []byte) (DayFigures, error) { return dayCodec.Decode(b) }

// EncodeNames writes the figures of a day.
func (f NamedFigures) EncodeNames() []byte {
	var c nameColumns
	for _, id := range slices.Sorted(maps.Keys(f)) {
		s := f[id]
		c.Names = append(c.Names, id)
		for _, of := range []struct {
			to *[]uint64
			n  int
		}{{&c.Answered, s.Answered}, {&c.Refused, s.Refused}, {&c.Offered, s.Offered}, {&c.Helped, s.Helped}, {&c.Missed, s.Missed}, {&c.Stale, s.Stale}, {&c.Up, s.Up}, {&c.Down, s.Down}, {&c.Wrong, s.Wrong}, {&c.Clicks, s.Clicks}, {&c.Amended, s.Amended}} {
			*of.to = append(*of.to, uint64(of.n)) //nolint:gosec // a count
		}
		c.Took, c.Age = s.Took.appendTo(c.Took), s.Age.appendTo(c.Age)
	}
	// Columns that most days have nothing in.
	for _, column := range []*[]uint64{&c.Clicks, &c.Amended} {
		if !slices.ContainsFunc(*column, func(n uint64) bool { return n != 0 }) {
			*column = nil
		}
	}
	return namesCodec.Append(nil, &c)
}

// NamedDay is the figures of a day as EncodeNames wrote them, or their rows.
type NamedDay struct {
	Written []byte
	Rows    NamedFigures
}

// AddDay adds those of a day that only allows; nil: of all.
func (f NamedFigures) AddDay(of NamedDay, only func(name string) bool) error {
	if of.Rows == nil {
		return f.AddNames(of.Written, only)
	}
	for id, sums := range of.Rows {
		if only != nil && !only(id) {
			continue
		}
		if f[id] == nil {
			f[id] = &Sums{}
		}
		f[id].AddSums(sums)
	}
	return nil
}

// AddNames adds what EncodeNames wrote of those that only allows; nil: of all.
func (f NamedFigures) AddNames(b []byte, only func(name string) bool) error {
	if len(b) == 0 {
		return nil
	}
	c, err := namesCodec.Decode(b)
	if err != nil {
		return err //nolint:wrapcheck // the caller names the day
	}
	for i, id := range c.Names {
		var took, age []byte
		took, c.Took = cutBytes(c.Took)
		age, c.Age = cutBytes(c.Age)
		if only != nil && !only(id) {
			continue
		}
		s := f[id]
		if s == nil {
			s = &Sums{}
			f[id] = s
		}
		for _, of := range []struct {
			column []uint64
			as     Outcome
		}{{c.Answered, Answered}, {c.Refused, Refused}, {c.Offered, Offered}, {c.Helped, Helped}, {c.Missed, Missed}} {
			if i < len(of.column) {
				s.countOutcome(of.as, int(of.column[i])) //nolint:gosec // a count
			}
		}
		for _, of := range []struct {
			column []uint64
			to     *int
		}{{c.Stale, &s.Stale}, {c.Up, &s.Up}, {c.Down, &s.Down}, {c.Wrong, &s.Wrong}, {c.Clicks, &s.Clicks}, {c.Amended, &s.Amended}} {
			if i < len(of.column) {
				*of.to += int(of.column[i]) //nolint:gosec // a count
			}
		}
		s.Took.addBytes(took)
		s.Age.addBytes(age)
	}
	return nil
}

// appendTo writes a histogram as numbers behind their length in bytes.
func (h *Histogram) appendTo(all []byte) []byte {
	counts := h.Counts
	for len(counts) > 0 && counts[len(counts)-1] == 0 {
		counts = counts[:len(counts)-1]
	}
	var small [64]byte
	b := binary.AppendUvarint(small[:0], uint64(h.Zeros)) //nolint:gosec // a count
	b = binary.AppendUvarint(b, uint64(h.First))          //nolint:gosec // a place
	for _, n := range counts {
		b = binary.AppendUvarint(b, n)
	}
	return append(binary.AppendUvarint(all, uint64(len(b))), b...)
}

// cutBytes returns what stands behind its length, and the rest; nothing of what is damaged.
func cutBytes(b []byte) (one, rest []byte) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) { //nolint:gosec // not below 0
		return nil, nil
	}
	b = b[size:]
	return b[:n], b[n:]
}

// addBytes adds what appendTo wrote, without its length; what is damaged adds nothing.
func (h *Histogram) addBytes(b []byte) {
	next := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			b = nil
			return 0
		}
		b = b[size:]
		return n
	}
	h.Zeros += int(next()) //nolint:gosec // a count
	first := int(next())   //nolint:gosec // a place
	for at := first; len(b) > 0 && at >= 0 && at < buckets; at++ {
		if n := next(); n > 0 {
			h.reach(at)
			h.Counts[at-h.First] += n
		}
	}
}
