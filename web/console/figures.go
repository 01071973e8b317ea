package console

import (
	"cmp"
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/words"
)

// FigureCounts tells what was counted of a publisher's days from one until before another,
// by their numbers (journal.DemandDay), the first day first and up to the last ask.
type FigureCounts interface {
	counter
	Figures(ctx context.Context, publisher string, from, until int, tell func(day int, of journal.DayFigures)) error
	NamedFigures(ctx context.Context, publisher string, part journal.FigurePart, from, until int, tell func(day int, of journal.NamedDay) error) error
}

// Figures is what "figures.get" works with.
type Figures struct {
	Counts    FigureCounts
	Catalogue Catalogue
	Clock     func() time.Time
	held      *heldFigures
}

// By what figures are told apart.
const (
	ByHour       = "hour"
	ByDay        = "day"
	ByMonth      = "month"
	ByHourOfWeek = "hour_of_week"
	ByKeyword    = "keyword"
	ByChannel    = "channel"
	ByLanguage   = "language"
	BySource     = "source"
)

// figureParts are all of these.
var figureParts = []string{ByHour, ByDay, ByMonth, ByHourOfWeek, ByKeyword, ByChannel, ByLanguage, BySource} //nolint:gochecknoglobals // it does not change

// Bounds of figures.
const (
	usualFigureDays = 30
	usualFigureRows = 1000
	MostFigureRows  = 20_000
)

// FiguresGet is the input of "figures.get".
type FiguresGet struct {
	Of
	From string `json:"from,omitempty" query:"from" doc:"The first day, such as 2026-03-01, in the publisher's time zone; where not given, so that the days are 30."`
	To   string `json:"to,omitempty" query:"to" doc:"The last day, which is counted too; today where not given."`
	By   string `json:"by,omitempty" query:"by" enum:"hour,day,month,hour_of_week,keyword,channel,language,source" doc:"What each row is of; day where not given."`
	FiguresOnly
	Limit int `json:"limit,omitempty" query:"limit" min:"1" max:"20000" doc:"How many rows at most, those asked most first where they are not of times; 1000 where not given."`
}

// FiguresOnly narrows figures to those of one thing; one of it may be given, and rows are
// of days then.
type FiguresOnly struct {
	Keyword  string `json:"keyword,omitempty" query:"keyword" doc:"Count this keyword alone, by day."`
	Channel  string `json:"channel,omitempty" query:"channel" doc:"Count this channel alone, by day."`
	Language string `json:"language,omitempty" query:"language" doc:"Count this language alone, by day."`
	Source   string `json:"source,omitempty" query:"source" doc:"Count this source alone, by day."`
}

// FiguresAnswer is the output.
type FiguresAnswer struct {
	From    string      `json:"from"`
	To      string      `json:"to"`
	Zone    string      `json:"zone" doc:"The publisher's time zone, in which days and hours are told."`
	Days    int         `json:"days" doc:"How many days these are."`
	Total   FigureRow   `json:"total" doc:"All rows together, those left out among them; of keywords and sources a message that ran several counts once each."`
	Rows    []FigureRow `json:"rows" doc:"Rows in which nothing was asked are left out."`
	More    int         `json:"more" doc:"How many rows are left out for want of room."`
	Version string      `json:"version" doc:"Changes whenever anything else here does."`
}

// ETag returns the version.
func (a FiguresAnswer) ETag() string { return a.Version }

// FigureRow is what is counted of an hour, a day, a keyword, and so on. What was asked is
// answered, helped, refused, offered, missed, a command, a greeting, silent or ended.
type FigureRow struct {
	At        time.Time `json:"at" doc:"When what the row counts began."`
	By        string    `json:"by" doc:"What it is of: the hour (14:00), the day (2026-03-01), the month (2026-03), the hour of the week (1 14:00; 1 is Monday), or an id; * counts what is not told apart any more, and an empty language those who agreed to nothing."`
	Asked     int       `json:"asked" doc:"All messages."`
	Answered  int       `json:"answered"`
	Helped    int       `json:"helped" doc:"Meant no keyword, and found what a source holds."`
	Refused   int       `json:"refused" doc:"Understood, without an honest answer."`
	Offered   int       `json:"offered"`
	Missed    int       `json:"missed"`
	Commands  int       `json:"commands"`
	Greetings int       `json:"greetings"`
	Silent    int       `json:"silent" doc:"Nothing was to be said, as after STOP."`
	Ended     int       `json:"ended" doc:"Given up, since the process ended each time."`
	First     int       `json:"first" doc:"Messages that were their reader's first."`
	Up        int       `json:"up" doc:"How often readers thought well of an answer."`
	Down      int       `json:"down" doc:"How often not."`
	Wrong     int       `json:"wrong" doc:"How often they said that an answer is wrong."`
	Stale     int       `json:"stale" doc:"Answered with what was behind."`
	Corrected int       `json:"corrected" doc:"Answered with a correction."`
	Clicks    int       `json:"clicks" doc:"How often links in answers were followed, on channels that count it; not known by language."`
	Readers   int       `json:"readers" doc:"Of a day or a month, how many readers asked, as far as they agreed that so much is kept of them; 0 where they are fewer than 5."`
	Returned  int       `json:"returned" doc:"How many of those had asked on a day, or in a month, before; 0 where they, or the others, are fewer than 5."`

	P50    journal.Millis `json:"p50_ms" doc:"Half of them took no longer; to a tenth."`
	P99    journal.Millis `json:"p99_ms" doc:"Ninety-nine of a hundred took no longer."`
	AgeP50 journal.Millis `json:"age_p50_ms" doc:"Half of the answers were no older when they were sent."`
	AgeP99 journal.Millis `json:"age_p99_ms"`
}

// Wanted is how many wanted content.
func (r *FigureRow) Wanted() int { return r.Answered + r.Helped + r.Refused + r.Offered + r.Missed }

// GetFigures is "figures.get".
var GetFigures = Declare[FiguresGet, FiguresAnswer](Declaration{
	Name: "figures.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/figures",
	Summary: "Show how often readers asked over up to two years, what came of it, how long it took and how old the answers were.",
	Help: "Rows are of hours, days, hours of the week, keywords, channels, languages or sources; no person is in them. " +
		"Keywords and sources of days more than 100 days ago are told apart where they were among the 200 asked most of their day.",
})

// ExportFigures is "figures.export".
var ExportFigures = Declare[FiguresGet, Sheet](Declaration{
	Name: "figures.export", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/figures.csv",
	Summary: "Fetch figures as a table for a spreadsheet, with a line for each row that figures.get tells.",
})

// Operations returns figures.get, figures.export and figures.asked.
func (f Figures) Operations() []Bound {
	f.held = &heldFigures{}
	return []Bound{GetFigures.Bind(f.getFigures), ExportFigures.Bind(f.exportFigures), AskedFigures.Bind(f.askedDaily)}
}

// heldFigures are what was answered last.
type heldFigures struct {
	got   heldAnswers[FiguresAnswer]
	asked heldAnswers[AskedDaily]
	// Of days before today, which no ask changes any more.
	sums   heldAnswers[*figureSum]
	before heldAnswers[AskedDaily]
}

// figureRowBytes is about what a row takes.
const figureRowBytes = 400

func (f Figures) getFigures(ctx context.Context, in FiguresGet) (FiguresAnswer, error) {
	pub, err := publisherOf(f.Catalogue, in.Publisher)
	if err != nil {
		return FiguresAnswer{}, err
	}
	if err := in.check(); err != nil {
		return FiguresAnswer{}, err
	}
	sum := figureSum{FiguresGet: in, pub: pub, zone: ZoneOf(pub)}
	if err := sum.setRange(f.Clock()); err != nil {
		return FiguresAnswer{}, err
	}
	sum = *sum.empty()
	of := in
	of.From, of.To = sum.from.Format(time.DateOnly), sum.until.Format(time.DateOnly)
	from, until := journal.DemandDay(sum.from), journal.DemandDay(sum.until)
	return f.held.got.answerOnce(ctx, countsBefore(f.Counts, pub, until), pub, of, func(a FiguresAnswer) int { return len(a.Rows) * figureRowBytes }, func() (FiguresAnswer, error) {
		if today := journal.DemandDay(f.Clock().In(sum.zone)); from < today && today < until {
			before, err := f.held.sums.answerOnce(ctx, countsBefore(f.Counts, pub, today), pub, []any{of, today}, (*figureSum).bytes, func() (*figureSum, error) {
				before := sum.empty()
				return before, before.collect(ctx, f.Counts, from, today)
			})
			if err != nil {
				return FiguresAnswer{}, err
			}
			sum.addBefore(before)
			from = today
		}
		if err := sum.collect(ctx, f.Counts, from, until); err != nil {
			return FiguresAnswer{}, err
		}
		return sum.answer()
	})
}

// check fills in what was not given, and refuses what can't be told.
func (in *FiguresGet) check() error {
	only := 0
	for _, s := range []string{in.Keyword, in.Channel, in.Language, in.Source} {
		if s != "" {
			only++
		}
	}
	in.By, in.Limit = cmp.Or(in.By, ByDay), cmp.Or(in.Limit, usualFigureRows)
	switch {
	case in.Limit < 0 || in.Limit > MostFigureRows:
		return &pull.Error{Kind: pull.Invalid, Field: "limit", Hint: words.Text{Key: "refusal.number", Args: words.Args{"most": MostFigureRows}}}
	case !slices.Contains(figureParts, in.By):
		return notOneOf("by", in.By, slices.Clone(figureParts)...)
	case only > 1 || only == 1 && in.By != ByDay && in.By != ByMonth:
		return &pull.Error{Kind: pull.Invalid, Field: "by", Hint: words.Text{Key: "refusal.figures_only"}}
	}
	return nil
}

func (f Figures) exportFigures(ctx context.Context, in FiguresGet) (Sheet, error) {
	got, err := f.getFigures(ctx, in)
	if err != nil {
		return Sheet{}, err
	}
	var b strings.Builder
	table := csv.NewWriter(&b)
	// A builder takes all that is written; Flush has no error to tell.
	_ = table.Write(strings.Split("at,by,asked,answered,helped,refused,offered,missed,commands,greetings,silent,ended,first,stale,up,down,wrong,p50_ms,p99_ms,age_p50_ms,age_p99_ms,corrected,clicks,readers,returned", ","))
	for _, r := range got.Rows {
		cells := []string{r.At.Format(time.RFC3339), r.By}
		for _, n := range []int{r.Asked, r.Answered, r.Helped, r.Refused, r.Offered, r.Missed, r.Commands, r.Greetings, r.Silent, r.Ended, r.First, r.Stale, r.Up, r.Down, r.Wrong} {
			cells = append(cells, strconv.Itoa(n))
		}
		for _, ms := range []journal.Millis{r.P50, r.P99, r.AgeP50, r.AgeP99} {
			cells = append(cells, strconv.FormatFloat(float64(ms), 'f', 3, 64))
		}
		for _, n := range []int{r.Corrected, r.Clicks, r.Readers, r.Returned} {
			cells = append(cells, strconv.Itoa(n))
		}
		_ = table.Write(cells)
	}
	table.Flush()
	return Sheet{CSV: b.String()}, nil
}
