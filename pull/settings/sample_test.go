package settings_test

import (
	"time"

	"keypull/pull/settings"
)

// localised is a text per language, as a keyword's template is.
type localised map[string]string

type answer struct {
	Text  string          `name:"text" label:"Text" help:"What is said." check:"required,max=20" example:"Closed"`
	Link  string          `name:"link" label:"Link" help:"Where more stands." check:"url" example:"https://example.org/a"`
	From  *time.Time      `name:"from" label:"From" help:"Not before." example:"2026-12-01T06:00:00+01:00"`
	Tags  []string        `name:"tags" label:"Tags" help:"Other names." example:"one, two"`
	Pin   settings.Secret `name:"pin" label:"Pin" help:"A secret of the row."`
	Count int             `name:"count" label:"Count" help:"How many." check:"min=1,max=9"`
}

func (a *answer) Defaults() { a.Count = 1 }

type timing struct {
	MaxAge   *time.Duration `name:"max_age" label:"Max age" help:"How old." example:"60s"`
	Deadline time.Duration  `name:"deadline" label:"Deadline" help:"How long." check:"min=50ms,max=60s"`
}

type indexPath struct {
	Listen string `name:"listen" label:"Listen" help:"Where." check:"required" example:"127.0.0.1:80"`
}

// sample has a field of every type.
type sample struct {
	ID       string              `name:"id" label:"Id" help:"Short name." check:"required,id" example:"news"`
	URL      string              `name:"url" label:"Address" help:"Where it is | and how." check:"url" example:"https://example.org/feed.xml"`
	Names    []string            `name:"names" label:"Names" help:"Words." check:"max=3" example:"one, two"`
	Items    int                 `name:"items" label:"Items" help:"How many." check:"min=1,max=10"`
	Small    uint8               `name:"small" label:"Small" help:"A small number."`
	Deep     bool                `name:"deep" label:"Deep" help:"Whether."`
	Mode     string              `name:"mode" label:"Mode" help:"Which." choices:"fast,slow"`
	Token    settings.Secret     `name:"token" label:"Token" help:"The key."`
	DSN      string              `name:"dsn" label:"DSN" help:"The database." secret:"true"`
	Since    time.Time           `name:"since" label:"Since" help:"From when."`
	Headers  map[string]string   `name:"headers" label:"Headers" help:"Sent along." secret:"true" example:"{ Accept = \"text/csv\" }"`
	Fields   map[string]string   `name:"fields" label:"Fields" help:"Where values are." example:"{ price = \"a.b\" }"`
	Phrases  map[string][]string `name:"phrases" label:"Phrases" help:"By language." check:"keys=language"`
	Template localised           `name:"template" label:"Template" help:"The reply." settings:"localised" check:"keys=language,max=60"`
	Extra    map[string]any      `name:"extra" label:"Extra" help:"Anything."`
	Answers  []answer            `name:"answers" label:"Answers" help:"What is known."`
	Server   indexPath           `name:"server" label:"Server" help:"The server."`
	timing   `settings:"inline"`
	Zone     string   `name:"zone" label:"Zone" help:"Time zone." check:"zone"`
	Nets     []string `name:"nets" label:"Nets" help:"Networks." check:"cidr"`
	Refresh  string   `name:"refresh" label:"Refresh" help:"When." check:"cron"`

	// mark is the struct's own: no setting, and left alone.
	mark int
}

func newSample() *sample {
	return &sample{mark: 1, Items: 3, Mode: "fast", Token: "preset", timing: timing{Deadline: 4 * time.Second},
		Server: indexPath{Listen: ":80"}}
}
