package quote

import (
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/sources"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:  "quote",
	Words: own,
	New:   func() sources.Opener { return &Settings{Format: formatJSON, Price: "price"} },
}

const (
	formatJSON  = "json"
	formatCSV   = "csv"
	placeholder = "{symbol}"
)

// Settings configure where quotes come from.
type Settings struct {
	URL         string   `name:"url" label:"Address" help:"Where a quote is; {symbol} stands for the symbol." check:"required,url" example:"https://api.example.org/quote?s={symbol}" is:"address"`
	Format      string   `name:"format" label:"Format" help:"What the address answers with." choices:"json,csv"`
	Price       string   `name:"price" label:"Price" help:"Where the price is: a JSON path, dotted names, or a column." check:"required" example:"quote.last" is:"spot"`
	Change      string   `name:"change" label:"Change" help:"Where the change is; a name with percent in it, or a value with a % sign, is in percent." example:"quote.change_percent" is:"spot"`
	Currency    string   `name:"currency" label:"Currency" help:"Where the currency is." example:"quote.currency" is:"spot"`
	AsOf        string   `name:"as_of" label:"As of" help:"Where the time of the price is: RFC 3339, Unix seconds or milliseconds, or 2006-01-02 15:04:05 in the zone below." example:"quote.time" is:"spot"`
	AsOfZone    string   `name:"as_of_zone" label:"Zone of the time" help:"The zone of a time that names none; type a city. Not set: UTC." check:"zone" example:"Asia/Kolkata" more:"true"`
	Symbols     []Symbol `name:"symbols" label:"Symbols" help:"What may be asked for. None here and no file: any symbol." check:"max=20000" example:"[{ symbol = \"WIPRO\", name = \"Wipro Limited\", aliases = [\"wipro ltd\"] }]"`
	SymbolsFile string   `name:"symbols_file" label:"Symbols file" help:"The same as a CSV file with the columns symbol, name and aliases (parted by |), or as a JSON list. In the configuration file only." example:"symbols.csv" more:"true" local:"true"`
}

// Symbol is something that has a price.
type Symbol struct {
	Symbol  string   `name:"symbol" label:"Symbol" help:"As the address wants it." check:"required,max=64" json:"symbol"`
	Name    string   `name:"name" label:"Name" help:"As readers know it." check:"max=120" json:"name"`
	Aliases []string `name:"aliases" label:"Aliases" help:"Other names that readers use." json:"aliases"`
}

// What only this kind has to complain of.

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	var problems settings.Problems
	inPath := s.Format == formatJSON && strings.Contains(s.Price, placeholder)
	before, _, found := strings.Cut(s.URL, placeholder)
	switch {
	case !found && !inPath: // with a path to each symbol, one answer holds them all
		problems = append(problems, settings.Wrong("url", own.Text("no_placeholder", nil)))
	case found && strings.Count(before, "/") < 3 && !strings.Contains(before, "?"):
		problems = append(problems, settings.Wrong("url", own.Text("misplaced_symbol", nil)))
	}
	if len(s.Symbols) > 0 && s.SymbolsFile != "" {
		problems = append(problems, settings.Wrong("symbols_file", own.Text("symbols_twice", nil)))
	}
	if s.Format != formatJSON {
		return problems
	}
	for _, p := range []struct{ field, path string }{{"price", s.Price}, {"change", s.Change}, {"currency", s.Currency}, {"as_of", s.AsOf}} {
		if _, err := parsePath(p.path); err != nil {
			problems = append(problems, settings.Wrong(p.field, own.Text("no_path", nil)))
		}
	}
	return problems
}

// Open reads the symbols and returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	symbols := s.Symbols
	if s.SymbolsFile != "" {
		path, err := env.Local("symbols_file", s.SymbolsFile)
		if err != nil {
			return nil, err
		}
		if symbols, err = readSymbols(path); err != nil {
			return nil, err
		}
	}
	zone, err := s.zone()
	if err != nil {
		return nil, &pull.Error{Kind: pull.Invalid, Op: "open quotes", Field: "as_of_zone", Hint: own.Text("no_zone", nil), Err: err}
	}
	src := &source{settings: *s, client: env.Client, directory: newDirectory(symbols), zone: zone, publisher: env.Zone}
	if s.Format == formatCSV {
		src.read = s.readCSV
		return src, nil
	}
	paths, err := s.paths()
	if err != nil {
		return nil, err
	}
	src.read = paths.readJSON
	return src, nil
}

// zone is that of a time that names none; nil where nothing is said of it.
func (s *Settings) zone() (*time.Location, error) {
	if s.AsOfZone == "" {
		return nil, nil
	}
	return time.LoadLocation(s.AsOfZone)
}
