package archive

import (
	"cmp"
	"context"
	"embed"
	"path/filepath"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "archive",
	StaleIfError: 7 * 24 * time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{Room: 512 << 20} },
}

// Settings say where the articles are, of which one is given at least.
type Settings struct {
	Feeds            []string       `name:"feeds" label:"Feeds" help:"Feeds whose articles are read, and kept when they leave the feed." check:"url,max=50" example:"https://example.org/feed.xml" is:"address"`
	Sitemap          string         `name:"sitemap" label:"Sitemap" help:"A sitemap, or an index of sitemaps, that lists the articles' pages." check:"url" example:"https://example.org/sitemap.xml" is:"address"`
	Lists            []string       `name:"lists" label:"Lists of articles" help:"Pages that list articles, as a front page does: what they link on their own site is read, and kept when they list it no more." check:"url,max=20" example:"https://example.org/" is:"address"`
	Pages            []string       `name:"pages" label:"Pages" help:"Single pages whose texts, lists and tables are read too." check:"url,max=200" example:"https://example.org/opening-hours" is:"address" more:"true"`
	Articles         string         `name:"articles" label:"Saved articles" help:"The address of saved articles, as a list in JSON or as JSON Lines: title, text, link, published, language." check:"url" example:"https://example.org/articles.jsonl" is:"address" more:"true"`
	File             string         `name:"file" label:"File" help:"A file of saved articles. In the configuration file only." example:"articles.jsonl" more:"true" local:"true"`
	From             string         `name:"from" label:"From" help:"Articles that were published before this day are left out." check:"max=40" example:"2024-01-01" more:"true"`
	Room             settings.Bytes `name:"room" label:"Room" help:"How much of the disk the articles may take; beyond it the oldest leave. No backup of keypull holds them." check:"min=16MiB,max=64GiB" example:"512MiB" more:"true"`
	sources.Access   `settings:"inline"`
	sources.Inbound  `settings:"inline"`
	sources.Credited `settings:"inline"`
}

var _ settings.Checker = (*Settings)(nil)

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := s.Access.Check()
	if len(s.Feeds)+len(s.Lists)+len(s.Pages) == 0 && s.Sitemap == "" && s.Articles == "" && s.File == "" {
		problems = append(problems, settings.Wrong("feeds", own.Text("none_given", words.Args{"fields": words.Fields("feeds", "sitemap", "lists", "pages", "articles", "file")})))
	}
	if strings.TrimSpace(s.From) != "" && parseDay(s.From, nil).IsZero() {
		problems = append(problems, settings.Wrong("from", own.Text("from_unreadable", nil)))
	}
	return problems
}

// parseDay parses a day or a time as the settings have it; zero if it is none.
func parseDay(text string, zone *time.Location) time.Time {
	return sources.NewDates(sources.DateHints{Zone: zone, Naive: cmp.Or(zone, time.UTC)}).Read(text)
}

// key is that of the one snapshot.
const key = "archive"

// op is what errors call a fetch.
const op = "fetch articles"

// Open returns the source. Its file is opened when it is needed first.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{settings: *s, env: env, robots: sources.NewRobots(env), turn: make(chan struct{}, 1)}
	src.index.Options = fulltext.Options{
		Path:   filepath.Join(env.Folder, "articles.db"),
		Fields: []fulltext.Field{{Name: "title", Weight: 3}, {Name: "body", Weight: 1}}, Languages: env.Languages,
		Version: version, MaxBytes: int64(s.Room), Logger: env.Logger, Renewed: src.toDocument,
	}
	src.from = parseDay(s.From, env.Zone)
	var err error
	if src.file, err = env.Local("file", s.File); err != nil {
		return nil, err
	}
	return src, nil
}

type source struct {
	settings Settings
	env      sources.Env
	robots   *sources.Robots
	from     time.Time
	file     string
	// turn is held by the fetch that gathers.
	turn chan struct{}

	index fulltext.Lazy
}

var (
	_ pull.Speaker  = (*source)(nil)
	_ pull.Receiver = (*source)(nil)
	_ pull.Closer   = (*source)(nil)

	_ pull.Questioned = (*source)(nil)
)

// Key returns the same for every query.
func (*source) Key(pull.Query) (string, error) { return key, nil }

// FoundByItself says that what it holds is found by its words.
func (*source) FoundByItself() bool { return true }

// ByQuestion says that what readers write is a question, whose words that only ask tell what
// kind of answer it wants.
func (*source) ByQuestion() bool { return true }

// Receive takes notices of changes, and withdrawals.
func (s *source) Receive(_ context.Context, p pull.Push, _ func(string) *pull.Snapshot) (pull.Pushed, error) {
	topic := ""
	if len(s.settings.Feeds) > 0 {
		topic = s.settings.Feeds[0]
	}
	return s.settings.Receive(p, topic, key), nil
}

// FindsPassages says that it weighs by itself whether a text of its articles answers.
func (*source) FindsPassages() bool { return true }

// version is that of what the index holds of an article.
const version = 1

// noIndex returns the error of an index that cannot be used.
func noIndex(err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("no_room_opened", nil), Err: err}
}

// toDocument returns the document of an article that the index holds.
func (s *source) toDocument(h fulltext.Hit) (fulltext.Document, bool) {
	a, ok := decodeArticle(h)
	return a.toDocument(s.env.Languages), ok
}

// Close closes the index.
func (s *source) Close() error { return s.index.Close() }

// Fetch gathers what is new. What there is no time for is left to the next fetch,
// which goes on where this one ended: the snapshot is good, and says how much of
// the articles is read.
func (s *source) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return pull.Snapshot{}, sources.GivenUpError(op, ctx.Err())
	}
	defer func() { <-s.turn }()
	x, err := s.index.Open(ctx)
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	if err := x.Renew(ctx); ctx.Err() != nil {
		return pull.Snapshot{}, sources.GivenUpError(op, ctx.Err())
	} else if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	g, err := s.newCollector(ctx, x, last)
	if err != nil {
		return pull.Snapshot{}, err
	}
	asking, cancel := crawl.InTime(ctx, s.settings.Sitemap == "" && len(s.settings.Feeds)+len(s.settings.Lists)+len(s.settings.Pages) <= 1)
	defer cancel()
	g.readSources(asking)
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, sources.GivenUpError(op, err)
	}
	return g.finishSnapshot(ctx)
}

// newRequest returns the request for an address as the settings say.
func (s *source) newRequest(address, accept string, most int64) outside.Request {
	return s.settings.On(sources.Accepting(address, accept, most))
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
