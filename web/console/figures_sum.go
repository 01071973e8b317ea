package console

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
)

// figurePlace is what a row counts.
type figurePlace struct {
	at time.Time
	by string
}

// figureSum adds up figures.
type figureSum struct {
	FiguresGet
	pub         *catalogue.Setup
	zone        *time.Location
	from, until time.Time // midnights
	rows        map[figurePlace]*journal.Sums
	total       journal.Sums
	// visits are the readers of days or months.
	visits map[figurePlace]visits
	// before are rows of earlier days, which stay as they are: one to which rows has something is begun there.
	before map[figurePlace]*journal.Sums
}

// empty returns a sum of the same days in which nothing is added up yet.
func (s *figureSum) empty() *figureSum {
	e := *s
	e.rows, e.visits, e.before, e.total = map[figurePlace]*journal.Sums{}, map[figurePlace]visits{}, nil, journal.Sums{}
	return &e
}

// addBefore begins with another sum, which stays as it is.
func (s *figureSum) addBefore(other *figureSum) {
	s.visits, s.before = maps.Clone(other.visits), other.rows
	s.total.AddSums(&other.total)
}

// bytes is about what a sum takes.
func (s *figureSum) bytes() int { return 500 * (len(s.rows) + len(s.visits) + 1) }

// visits are readers, and how many of them had been there before.
type visits struct{ readers, returned int }

// setRange reads the days.
func (s *figureSum) setRange(now time.Time) error {
	today := journal.StartOfDay(now.In(s.zone))
	last, err := s.readDay("to", s.To, today)
	if err != nil {
		return err
	}
	first, err := s.readDay("from", s.From, s.addDays(last, 1-usualFigureDays))
	if err != nil {
		return err
	}
	days := journal.DemandDay(last) - journal.DemandDay(first) + 1
	if days < 1 || days > journal.FigureDays {
		return &pull.Error{Kind: pull.Invalid, Field: "from", Hint: words.Text{Key: "refusal.figures_days", Args: words.Args{"most": journal.FigureDays}}}
	}
	s.from, s.until = first, s.addDays(last, 1)
	return nil
}

func (s *figureSum) readDay(field, text string, otherwise time.Time) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2000 {
		return time.Time{}, &pull.Error{Kind: pull.Invalid, Field: field, Hint: words.Text{Key: "refusal.figures_date"}}
	}
	return s.startOf(day), nil
}

// startOf returns when the day of a date began in the publisher's zone.
func (s *figureSum) startOf(date time.Time) time.Time {
	year, month, day := date.Date()
	return journal.StartOfDay(time.Date(year, month, day, 12, 0, 0, 0, s.zone))
}

func (s *figureSum) addDays(day time.Time, n int) time.Time {
	year, month, date := day.Date()
	return s.startOf(time.Date(year, month, date+n, 0, 0, 0, 0, time.UTC))
}

// collect adds up what was counted from a day until before another.
func (s *figureSum) collect(ctx context.Context, counts FigureCounts, from, until int) error {
	for _, named := range []struct {
		part     journal.FigurePart
		resource catalogue.Resource
		by, only string
	}{{journal.KeywordFigures, catalogue.ResourceKeyword, ByKeyword, s.Keyword}, {journal.SourceFigures, catalogue.ResourceSource, BySource, s.Source}} {
		switch {
		case named.only != "":
			return counts.NamedFigures(ctx, s.pub.ID, named.part, from, until, s.addOnly(named.resource, named.only))
		case s.By == named.by:
			rows := journal.NamedFigures{}
			add := func(rows journal.NamedFigures) {
				for id, sums := range rows {
					s.addRow(figurePlace{s.from, s.pub.Now(named.resource, id)}, sums)
				}
			}
			err := counts.NamedFigures(ctx, s.pub.ID, named.part, from, until, func(_ int, of journal.NamedDay) error {
				add(of.Rows)
				return rows.AddNames(of.Written, nil)
			})
			add(rows)
			return err //nolint:wrapcheck // the store's own sentence
		}
	}
	return counts.Figures(ctx, s.pub.ID, from, until, s.addDay) //nolint:wrapcheck // the store's own sentence
}

// addOnly adds days of one keyword or source, under all ids that it had.
func (s *figureSum) addOnly(resource catalogue.Resource, only string) func(day int, of journal.NamedDay) error {
	is := func(id string) bool { return id == only || s.pub.Now(resource, id) == only }
	return func(day int, of journal.NamedDay) error {
		rows := journal.NamedFigures{}
		err := rows.AddDay(of, is)
		for _, sums := range rows {
			s.addRow(s.timePlace(s.dayPlace(day)), sums)
		}
		return err //nolint:wrapcheck // the store names the day
	}
}

// addDay adds a day, or what of it is asked for.
func (s *figureSum) addDay(day int, of journal.DayFigures) {
	place := s.dayPlace(day)
	if s.Channel != "" || s.Language != "" {
		sums, there := of.Channels[s.Channel]
		if s.Language != "" {
			sums, there = of.Languages[s.Language]
		}
		if there {
			s.addRow(s.timePlace(place), &sums)
		}
		return
	}
	s.addVisits(place, of.Visits)
	rows := map[string]map[string]journal.Sums{ByChannel: of.Channels, ByLanguage: of.Languages}[s.By]
	for name, sums := range rows {
		s.addRow(figurePlace{s.from, name}, &sums)
	}
	if rows != nil || s.By == ByChannel || s.By == ByLanguage {
		return
	}
	for hour := range of.Hours {
		at := place
		switch hours := place.at.Add(time.Duration(hour) * time.Hour); s.By {
		case ByHour:
			at = figurePlace{hours, hours.Format("15:04")}
		case ByMonth:
			at = monthOf(place)
		case ByHourOfWeek:
			at = figurePlace{s.from, strconv.Itoa((int(hours.Weekday())+6)%7+1) + hours.Format(" 15:00")}
		}
		s.addRow(at, &of.Hours[hour])
	}
}

// addVisits adds the readers of a day to its row, or to that of its month.
func (s *figureSum) addVisits(day figurePlace, of journal.Visits) {
	add := func(at figurePlace, readers, returned int) {
		v := s.visits[at]
		s.visits[at] = visits{v.readers + readers, v.returned + returned}
	}
	switch s.By {
	case ByDay:
		add(day, of.Daily, of.Back)
	case ByMonth:
		add(monthOf(day), of.Monthly, of.MonthlyBack)
	}
}

// timePlace returns the row of a day, or of its month where rows are of those.
func (s *figureSum) timePlace(day figurePlace) figurePlace {
	if s.By == ByMonth {
		return monthOf(day)
	}
	return day
}

// monthOf returns the row of the month that a day is in.
func monthOf(day figurePlace) figurePlace {
	year, month, _ := day.at.Date()
	first := journal.StartOfDay(time.Date(year, month, 1, 12, 0, 0, 0, day.at.Location()))
	return figurePlace{first, first.Format("2006-01")}
}

// tellVisits tells the readers of a row where they are so many that no one of them is told
// of.
func (v visits) tellVisits(row *FigureRow) {
	if v.readers < journal.KnownReaders {
		return
	}
	row.Readers = v.readers
	if min(v.returned, v.readers-v.returned) >= journal.KnownReaders {
		row.Returned = v.returned
	}
}

// dayPlace returns the row of a day by its number.
func (s *figureSum) dayPlace(day int) figurePlace {
	at := s.startOf(time.Unix(int64(day)*24*60*60, 0).UTC())
	return figurePlace{at, at.Format(time.DateOnly)}
}

func (s *figureSum) addRow(at figurePlace, sums *journal.Sums) {
	if sums.IsEmpty() {
		return
	}
	row := s.rows[at]
	if row == nil {
		row = new(journal.Sums)
		if before := s.before[at]; before != nil {
			row.AddSums(before)
		}
		s.rows[at] = row
	}
	row.AddSums(sums)
	s.total.AddSums(sums)
}

// countedPlace is a row with how much was asked.
type countedPlace struct {
	figurePlace
	asked int
}

// answer tells what was added up.
func (s *figureSum) answer() (out FiguresAnswer, err error) {
	last := s.until.Add(-time.Nanosecond)
	out = FiguresAnswer{
		From: s.from.Format(time.DateOnly), To: last.Format(time.DateOnly), Zone: s.zone.String(), Days: journal.DemandDay(last) - journal.DemandDay(s.from) + 1,
		Total: figureRow(figurePlace{s.from, ""}, &s.total), Rows: make([]FigureRow, 0, min(len(s.rows)+len(s.before), s.Limit)),
	}
	ofTime := s.By == ByHour || s.By == ByMonth || s.By == ByDay || s.By == ByHourOfWeek
	places := make([]countedPlace, 0, len(s.rows)+len(s.before))
	for at, sums := range s.rows {
		places = append(places, countedPlace{at, sums.Asks})
	}
	for at, sums := range s.before {
		if s.rows[at] == nil {
			places = append(places, countedPlace{at, sums.Asks})
		}
	}
	journal.SortFirst(places, s.Limit, func(a, b countedPlace) int {
		if !ofTime && a.asked != b.asked {
			return b.asked - a.asked
		}
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.by, b.by))
	})
	out.More = max(len(places)-s.Limit, 0)
	for _, p := range places[:len(places)-out.More] {
		row := figureRow(p.figurePlace, cmp.Or(s.rows[p.figurePlace], s.before[p.figurePlace]))
		s.visits[p.figurePlace].tellVisits(&row)
		out.Rows = append(out.Rows, row)
	}
	out.Version, err = fingerprintOf(out)
	return out, err
}

func figureRow(at figurePlace, s *journal.Sums) FigureRow {
	took, age := s.Took.Spread(), s.Age.Spread()
	row := FigureRow{
		At: at.at, By: at.by, Asked: s.Asks, Answered: s.Answered, Helped: s.Helped, Refused: s.Refused, Offered: s.Offered, Missed: s.Missed,
		Commands: s.Commands, Greetings: s.Greetings, Silent: s.Silent, First: s.First, Stale: s.Stale, Up: s.Up, Down: s.Down, Wrong: s.Wrong, Corrected: s.Amended, Clicks: s.Clicks,
		P50: took.P50, P99: took.P99, AgeP50: age.P50, AgeP99: age.P99,
	}
	row.Ended = s.Asks - row.Wanted() - row.Commands - row.Greetings - row.Silent
	return row
}
