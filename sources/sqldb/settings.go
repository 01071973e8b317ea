// Package sqldb is the source kind for the rows of a database: PostgreSQL,
// MySQL and MariaDB, or SQLite. One query, which a parser has found to read and
// nothing else, runs in a transaction that may not write, with what readers
// bring bound as parameters, never as text. Time, rows and bytes are bounded
// here and at the server.
package sqldb

import (
	"crypto/x509"
	"embed"
	"errors"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
	"keypull/sources/shape"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "sql",
	StaleIfError: time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{Timeout: 3 * time.Second} },
}

// Settings configure a query of a database.
type Settings struct {
	DSN       settings.Secret `name:"dsn" label:"Database" help:"Where the database is, with user and password: postgres://…, mysql://…, or sqlite: and the path of a file, the last in the configuration file alone. Use an account that may only read." check:"required,max=2000" example:"postgres://reader:password@db.example.org/shop"`
	Query     string          `name:"query" label:"Query" help:"One SELECT. {argument} stands for what the reader wrote, {language} for their language, reader.city in the same brackets for what they have said of themselves; each is passed as a value, so that no quotes stand around it. Columns fill what they are called after: title, summary, body, link, image, published, price, and so on; all others become facts." check:"required,max=20000" example:"SELECT name AS title, price, stock FROM products WHERE sku = {argument}" is:"script"`
	Shape     string          `name:"shape" label:"Shape" help:"What a row is, so that it is told as such. Not set: its columns, one after another." choices:",article,recipe,quote,product,event"`
	Key       string          `name:"key" label:"Key" help:"The column that tells rows apart and that they can be asked for by; not set: the id, else link and title." check:"max=100" example:"sku" more:"true"`
	Zone      string          `name:"zone" label:"Zone of times" help:"The zone of times that name none; type a city. Not set: the publisher's." check:"zone" example:"Europe/Paris" more:"true"`
	Timeout   time.Duration   `name:"timeout" label:"Time limit" help:"After how long the server is to give up the query, from 100ms to 30s." example:"3s" more:"true"`
	Functions []string        `name:"functions" label:"Functions" help:"Functions of your own that the query may call, with their schema where they are called with one. Name only such as change nothing." check:"max=50" example:"shop.slug" more:"true"`
	CA        string          `name:"ca" label:"Certificate authority" help:"The authority that vouches for the server where none of the known ones does, as PEM." check:"max=20000" more:"true" is:"script"`

	sources.Credited `settings:"inline"`
}

// Bounds of the time limit.
const (
	minTimeout = 100 * time.Millisecond
	maxTimeout = 30 * time.Second
)

var _ settings.Checker = (*Settings)(nil)

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	var problems settings.Problems
	wrong := func(field string, err error) {
		var c *words.Failure
		if errors.As(err, &c) {
			problems = append(problems, settings.Wrong(field, c.Text))
		}
	}
	t, err := parseDSN(s.DSN.Reveal())
	if s.DSN != "" {
		wrong("dsn", err)
	}
	d := t.dialect
	if d == nil {
		d = &postgres
	}
	if s.Query != "" {
		_, err = prepareStatement(d, s.Query, s.Functions)
		wrong("query", err)
	}
	if s.Timeout < minTimeout || s.Timeout > maxTimeout {
		problems = append(problems, settings.Wrong("timeout", own.Text("timeout_range", words.Args{"min": settings.FormatDuration(minTimeout), "max": settings.FormatDuration(maxTimeout)})))
	}
	if s.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(s.CA)) {
		problems = append(problems, settings.Wrong("ca", own.Text("ca_none", nil)))
	}
	return problems
}

// Open returns the source. The database is called when something is asked.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	t, err := parseDSN(s.DSN.Reveal())
	if err != nil {
		return nil, opening("dsn", err)
	}
	if t.network == "unix" && env.Base == "" {
		_, err := env.Local("dsn", t.address)
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	st, err := prepareStatement(t.dialect, s.Query, s.Functions)
	if err != nil {
		return nil, opening("query", err)
	}
	var roots *x509.CertPool
	if s.CA != "" {
		roots = x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(s.CA))
	}
	src := &source{target: t, statement: st, timeout: s.Timeout, clock: env.Clock}
	naive, err := env.ZoneNamed("zone", s.Zone)
	if err != nil {
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	made := shape.New(shape.Options{Shape: s.Shape, Language: env.Languages[0], Zone: env.Zone, Naive: naive, Key: s.Key})
	src.Told = shape.Told{Maker: made, Credited: s.Credited, Searched: st.hasPlace(places.Argument)}
	if src.db, err = t.openPool(env, roots); err != nil {
		return nil, err
	}
	if src.second, err = t.openPool(env, roots); err != nil {
		return nil, err
	}
	src.second.SetMaxIdleConns(-1)
	if len(st.facts) > 0 {
		return &personal{src}, nil
	}
	return src, nil
}

func opening(field string, err error) error {
	e := &pull.Error{Kind: pull.Invalid, Op: op, Field: field, Err: err}
	var c *words.Failure
	if errors.As(err, &c) {
		e.Hint = c.Text
	}
	return e
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
