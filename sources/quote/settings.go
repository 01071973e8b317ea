// Package quote is the source kind for prices: one symbol an answer, brought
// from an address that holds the symbol, as JSON or CSV. Prices keep the
// digits that the source wrote and never pass through binary floating point; a
// price that is missing or no number is an error, never a guess.
package quote

import (
	"cmp"
	"embed"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "quote",
	StaleIfError: 15 * time.Minute,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{Format: formatJSON, Price: defaultPrice} },
}

const (
	formatJSON   = "json"
	formatCSV    = "csv"
	defaultPrice = "price"

	// What stands for the symbol in an address or a path; of a pair of
	// currencies for each of them, and for the key of the service.
	placeholder = "{symbol}"
	fromPlace   = "{from}"
	toPlace     = "{to}"
	keyPlace    = "{key}"
)

// Settings configure where quotes come from.
type Settings struct {
	Preset        string          `name:"preset" label:"Service" help:"Where the prices come from. Of these it is known where to ask and what the answer means; with any other, say its address below." choices:",alphavantage,binance,coinbase,coingecko,eodhd,exchangerate,finnhub,fmp,frankfurter,kraken,stooq,twelvedata,yahoo"`
	URL           string          `name:"url" label:"Address" help:"Where a quote is; {symbol} stands for the symbol, of a pair of currencies {from} and {to} for each of them, {key} for the key. With a service: another address of it, without any of these." check:"url" example:"https://api.example.org/quote?s={symbol}" is:"address" group:"address"`
	Key           settings.Secret `name:"key" label:"Key" help:"Only where the service wants one: the key that it gave you. It is put in the place of {key} in the address." check:"max=400"`
	Format        string          `name:"format" label:"Format" help:"What the address answers with." choices:"json,csv" group:"address"`
	Price         string          `name:"price" label:"Price" help:"Where the price is: a JSON path, dotted names, or a column." check:"required" example:"quote.last" is:"spot" group:"places"`
	Change        string          `name:"change" label:"Change" help:"Where the change is; a name with percent in it, or a value with a % sign, is in percent." example:"quote.change" is:"spot" group:"places"`
	ChangePercent string          `name:"change_percent" label:"Change in percent" help:"Where the change in percent is." example:"quote.change_percent" is:"spot" group:"places"`
	Previous      string          `name:"previous" label:"Previous close" help:"Where the price before is; where no change is given, it is counted from this." example:"quote.previous_close" is:"spot" group:"places"`
	High          string          `name:"high" label:"Day's high" help:"Where the highest price of the day is." example:"quote.high" is:"spot" group:"places"`
	Low           string          `name:"low" label:"Day's low" help:"Where the lowest price of the day is." example:"quote.low" is:"spot" group:"places"`
	Currency      string          `name:"currency" label:"Currency" help:"Where the currency is; with = before it, the currency itself: =EUR." example:"quote.currency" is:"spot" group:"places"`
	Unit          string          `name:"unit" label:"Unit" help:"What the price is for, where it is not for one of it: bbl, t oz, MWh." check:"max=20" example:"bbl" group:"places"`
	Named         string          `name:"name" label:"Name" help:"Where the name is, where no list of symbols tells it." example:"quote.name" is:"spot" group:"places"`
	AsOf          string          `name:"as_of" label:"As of" help:"Where the time of the price is: a moment as computers write it, such as 2026-12-01T09:30:00Z or 1796117400, or one like 2026-12-01 09:30:00 in the zone below." example:"quote.time" is:"spot" group:"places"`
	AsOfZone      string          `name:"as_of_zone" label:"Zone of the time" help:"The zone of a time that names none; type a city. Not set: UTC." check:"zone" example:"Asia/Kolkata" group:"places"`
	Naming        string          `name:"naming" label:"Symbol" help:"Where the answer names what it is about, so that another thing's price is never told. Not set: a member called symbol, ticker, instrument or pair, where there is one." example:"quote.symbol" is:"spot" group:"places"`
	Spelling      string          `name:"spelling" label:"Spelling" help:"How the answer writes the symbol, where that is not as it is asked for: {symbol} with what stands around it, or {letters} for its letters and digits without signs. Try it says what to put here." check:"max=60" example:"{symbol}.NS" group:"places"`
	Delay         time.Duration   `name:"delay" label:"Delay" help:"How late the prices of the service are; readers are always told." check:"max=24h" example:"15m" more:"true"`
	Calendar      Market          `name:"calendar" label:"Market" help:"When it trades: readers are told when it is closed, and when it closed last." more:"true"`
	Symbols       []Symbol        `name:"symbols" label:"Symbols" help:"What may be asked for. None here, no file and no address of them: any symbol." check:"max=20000" example:"[{ symbol = \"WIPRO\", name = \"Wipro Limited\", aliases = [\"wipro ltd\"] }]" group:"entries"`
	SymbolsFile   string          `name:"symbols_file" label:"Symbols file" help:"The same as a CSV file with the columns symbol, name and aliases (parted by |), or as a JSON list. In the configuration file only." example:"symbols.csv" more:"true" local:"true"`
	SymbolsURL    string          `name:"symbols_url" label:"Symbols from an address" help:"The same from an address, up to 200,000 of them; {key} stands for the key." check:"url" example:"https://api.example.org/symbols" group:"entries"`

	sources.Access `settings:"inline"`

	// known is where the answers of the preset name what they are about.
	known []naming
}

// Market is when something trades.
type Market struct {
	Hours    []string `name:"hours" label:"Hours" help:"When it is open, a line for each time of the week." example:"mon-fri 09:15-15:30"`
	Zone     string   `name:"zone" label:"Time zone" help:"The zone of the hours; type a city. Not set: that of the publisher." check:"zone" example:"Asia/Kolkata"`
	Holidays []string `name:"holidays" label:"Holidays" help:"Days on which it is closed, or open at other hours: 2026-12-25, 12-25 for every year, 2026-12-24 09:15-12:30." example:"2026-12-25"`
}

// Symbol is something that has a price.
type Symbol struct {
	Symbol  string   `name:"symbol" label:"Symbol" help:"As the address wants it." check:"required,max=64" json:"symbol"`
	Name    string   `name:"name" label:"Name" help:"As readers know it." check:"max=120" json:"name"`
	Aliases []string `name:"aliases" label:"Aliases" help:"Other names that readers use." json:"aliases"`
}

// fieldPaths returns the fields that point into an answer, in the order of values.
func (s *Settings) fieldPaths() []fieldPath {
	return []fieldPath{
		{"price", s.Price}, {"change", s.Change}, {"change_percent", s.ChangePercent}, {"previous", s.Previous}, {"high", s.High},
		{"low", s.Low}, {"currency", s.Currency}, {"name", s.Named}, {"as_of", s.AsOf},
	}
}

// fieldPath is a field with the path in it.
type fieldPath struct{ field, path string }

// asksForPairs says whether the service is asked for pairs of currencies.
func (s *Settings) asksForPairs() bool {
	return slices.ContainsFunc(append(s.fieldPaths(), fieldPath{"url", s.URL}), func(p fieldPath) bool {
		return strings.Contains(p.path, toPlace) || strings.Contains(p.path, fromPlace)
	})
}

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	w := s.withPreset()
	problems := append(w.checkAddress(), s.Access.Check()...)
	switch {
	case s.SymbolsFile != "" && (len(s.Symbols) > 0 || s.SymbolsURL != ""):
		problems = append(problems, settings.Wrong("symbols_file", own.Text("symbols_twice", nil)))
	case len(s.Symbols) > 0 && s.SymbolsURL != "":
		problems = append(problems, settings.Wrong("symbols_url", own.Text("symbols_twice", nil)))
	}
	if strings.Contains(w.URL+w.SymbolsURL, keyPlace) && s.Key.Reveal() == "" {
		problems = append(problems, settings.Wrong("key", own.Text("key_missing", nil)))
	}
	if _, err := when.ParseOpening(s.Calendar.Hours, nil); err != nil {
		problems = append(problems, settings.Wrong("calendar.hours", words.Said(err)))
	}
	if _, err := when.ParseOpening(nil, s.Calendar.Holidays); err != nil {
		problems = append(problems, settings.Wrong("calendar.holidays", words.Said(err)))
	}
	if s.Spelling != "" && !strings.Contains(s.Spelling, placeholder) && !strings.Contains(s.Spelling, lettersPlace) {
		problems = append(problems, settings.Wrong("spelling", own.Text("no_spelling", nil)))
	}
	for _, p := range append(w.fieldPaths(), fieldPath{"naming", w.Naming}) {
		if _, err := w.parsePath(p.path); err != nil {
			problems = append(problems, settings.Wrong(p.field, words.Said(err)))
		}
	}
	return problems
}

// checkAddress finds what is wrong with the address of a quote.
func (s *Settings) checkAddress() settings.Problems {
	inPath := s.Format == formatJSON && hasPlace(s.Price)
	sent, _, _ := strings.Cut(s.URL, "#")
	switch {
	case s.URL == "", !s.asksFor() && !inPath: // with a path to each symbol, one answer holds them all
		return settings.Problems{settings.Wrong("url", own.Text("no_placeholder", nil))}
	case places.InHost(s.URL), hasPlace(s.URL) && !hasPlace(sent):
		return settings.Problems{settings.Wrong("url", own.Text("misplaced_symbol", nil))}
	}
	return nil
}

// asksFor reports whether the symbol stands in the address: what is not there is
// the symbol then, and else the address.
func (s *Settings) asksFor() bool { return hasPlace(s.URL) }

// Open reads the symbols and returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	w := s.withPreset()
	symbols, guessed := w.Symbols, ""
	if w.SymbolsFile != "" {
		path, err := env.Local("symbols_file", w.SymbolsFile)
		if err != nil {
			return nil, err
		}
		if symbols, guessed, err = readSymbols(path, env.Languages); err != nil {
			return nil, err
		}
	}
	zone, err := sources.Env{}.ZoneNamed("as_of_zone", w.AsOfZone)
	if err != nil {
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	src := &source{settings: w, refusals: presets()[s.Preset].Refusals, same: presets()[s.Preset].Same, env: env, zone: zone}
	if src.market, err = w.market(env); err != nil {
		return nil, err
	}
	d := newDirectory(symbols)
	d.guessed = guessed
	src.directory.Store(d)
	if src.paths, err = w.parsePaths(); err != nil {
		return nil, err
	}
	switch {
	case w.SymbolsURL != "":
		src.loadSymbols()
		return &paged{source: src}, nil
	case len(symbols) > maxListed:
		return &paged{source: src}, nil
	}
	return src, nil
}

// market returns when it trades.
func (s *Settings) market(env sources.Env) (m market, err error) {
	if m.opening, err = when.ParseOpening(s.Calendar.Hours, s.Calendar.Holidays); err != nil {
		return m, &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: "calendar.hours", Hint: words.Said(err), Err: err}
	}
	if m.zone, err = env.ZoneNamed("calendar.zone", s.Calendar.Zone); err != nil {
		return m, err //nolint:wrapcheck // of the contract of sources
	}
	m.zone = cmp.Or(m.zone, time.UTC)
	return m, nil
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

var (
	_ sources.Factual = (*Settings)(nil)
	_ pull.Timed      = (*source)(nil)
)

// Facts lists the facts of the items.
func (*Settings) Facts() []string {
	return []string{
		factPrice, factChange, factUnit, factPercent, factPrevious, factHigh, factLow, factCurrency, factOf, factSymbol, factName,
		factDelay, factMarket, factClosed, factOpens, factAmount, factValue,
	}
}

// TimeOfFact returns true: the time of a price is that of the trade. Where a service
// does not tell it, that of the answer takes its place.
func (*source) TimeOfFact() bool { return true }
