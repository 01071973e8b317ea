package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/who"
	"keypull/store"
	"keypull/web/console/site"
)

// The large publisher whose console is measured.
const (
	consoleSources  = 1000
	consoleKeywords = 10_000
	consoleViews    = 100
	largeID         = "large"

	// What its readers asked, over so many days, and how many publishers stand beside it.
	consoleAsks       = 1_000_000
	consoleDays       = 90
	consoleTexts      = 5000
	consolePublishers = 2000
)

// consolePages returns the pages that are measured: those that begin with a slash below the console's
// root, the others below the publisher's.
func consolePages() []string {
	return []string{
		"/", "/?q=other", "/installation", "/installation/acts", "/me", "/search?q=word+77", "/new",
		"figures", "figures?days=90", "figures?by=source", "figures?by=day", "figures?by=hour_of_week", "figures?keyword=keyword-00001", "figures?source=source-0001",
		"demand", "demand?days=1", "demand?days=90", "ask", "conversations", "readers", "settings/alarms", "settings/crisis", "settings/history", "settings/proof", "channels/dead", "people/tokens", "search?q=word+77",
		"keywords?sort=asked", "keywords?sort=changed", "keywords?sort=name", "keywords/import", "keywords/keyword-05000/also", "keywords/keyword-05000/ways", "keywords/keyword-05000/delete",
		"sources/source-0500/drill", "sources/source-0500/delete", "sources/withdrawn", "audit/sends", "channels/new", "channels/new?kind=telegram",
		"today", "sources", "sources/source-0500", "sources/new", "sources/new?kind=feed", "keywords", "keywords?q=word+77", "keywords?source=source-0500",
		"keywords?state=findings", "keywords/new", "keywords/keyword-05000", "channels", "channels/web", "people", "audit", "settings",
	}
}

// measureConsole measures the pages of a large publisher.
func (b *bencher) measureConsole(ctx context.Context) (err error) {
	file, err := b.writeConfig("console", configText("http://127.0.0.1:9", ""))
	if err != nil {
		return err
	}
	all, err := largePublisher()
	if err != nil {
		return err
	}
	if err := b.service.Fill(ctx, file, all); err != nil {
		return err
	}
	now := time.Now()
	if err := b.service.Ask(ctx, file, largeID, consoleAsks, func(n int) (who.Key, journal.Trace) { return largeAsk(now, n) }); err != nil {
		return err
	}
	s, err := b.service.Start(ctx, file, StartOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// What a server does in the days of so many asks is done before anybody looks.
	if err := s.Sweep(ctx, now); err != nil {
		return err
	}
	change, err := timeChange(ctx, s)
	if err != nil {
		return err
	}
	b.report.addFigure(figure{Name: "console: a change until readers have it", Value: milliseconds(change), Unit: "ms",
		Detail: fmt.Sprintf("median; %d keywords", consoleKeywords)}.atMost(100, 0))
	session, err := s.SignIn(ctx)
	if err != nil {
		return err
	}
	v, err := newViewer(ctx, s.Address())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	v.beside = func(n int) error {
		reader, t := largeAsk(now, consoleAsks+n)
		t.At = time.Now()
		return s.Ask(ctx, largeID, reader, t)
	}
	return b.reportViews(v, session)
}

// reportViews compares with the barest page that the console has, the one that lets people in, each in turn with
// it: what else the machine does is then beside both.
func (b *bencher) reportViews(v *viewer, session *http.Cookie) error {
	cookie := session.Name + "=" + session.Value
	var bares []float64
	all := make([]figure, 0, len(consolePages()))
	for _, page := range consolePages() {
		at := site.Root + page
		if !strings.HasPrefix(page, "/") {
			at = site.Root + "/p/" + largeID + "/" + page
		}
		v.cookie = ""
		bare, _, err := v.p95(site.Root + "/sign-in")
		if err != nil {
			return err
		}
		v.cookie = cookie
		took, bytes, err := v.p95(at)
		if err != nil {
			return err
		}
		bares = append(bares, float64(bare))
		all = append(all, figure{Name: "console: " + page, Value: float64(took), Unit: "×", Detail: fmt.Sprintf("p95 %.2f ms, %d kB", milliseconds(took), bytes/1000)})
	}
	bare := medianOf(bares)
	for _, f := range all {
		f.Value /= bare
		b.report.addFigure(f.atMost(15, 0))
	}
	b.report.addFigure(figure{Name: "console: the bare page", Value: milliseconds(time.Duration(bare)), Unit: "ms", Detail: fmt.Sprintf("p95, the median of %d", len(bares))})
	return nil
}

// largePublisher returns all that the large publisher has.
func largePublisher() (all []store.Stored, err error) {
	add := func(resource catalogue.Resource, id string, value any) {
		values, wrong := settings.Values(value)
		raw, broken := json.Marshal(values)
		all = append(all, store.Stored{Resource: resource, Publisher: largeID, ID: id, Value: raw, Changed: time.Now(), By: "bench"})
		err = errors.Join(err, wrong, broken)
	}
	add(catalogue.ResourcePublisher, "", &catalogue.Publisher{
		ID: largeID, Name: "Large", Languages: []string{"en", "fr"}, TimeZone: "Europe/Paris", Autocorrect: "confident",
	})
	for i := range consolePublishers - 1 {
		id := fmt.Sprintf("other-%04d", i)
		value, wrong := settings.Values(&catalogue.Publisher{ID: id, Name: "Other " + strconv.Itoa(i), Languages: []string{"en"}, TimeZone: "Europe/Paris", Autocorrect: "confident"})
		raw, broken := json.Marshal(value)
		all, err = append(all, store.Stored{Resource: catalogue.ResourcePublisher, Publisher: id, Value: raw, Changed: time.Now(), By: "bench"}), errors.Join(err, wrong, broken)
	}
	add(catalogue.ResourceChannel, "web", &catalogue.Channel{ID: "web", Kind: "webchat", Settings: map[string]any{"title": "Large"}})
	for i := range consoleSources {
		id := fmt.Sprintf("source-%04d", i)
		add(catalogue.ResourceSource, id, &catalogue.Source{ID: id, Kind: "text", Settings: map[string]any{
			"answers": []any{map[string]any{"title": "Answer " + id, "text": "The text of " + id + "."}},
		}})
	}
	for i := range consoleKeywords {
		k := largeKeyword(i)
		add(catalogue.ResourceKeyword, k.ID, &k)
	}
	return all, err
}

func largeKeyword(i int) catalogue.Keyword {
	return catalogue.Keyword{ID: fmt.Sprintf("keyword-%05d", i), Source: fmt.Sprintf("source-%04d", i%consoleSources), Argument: "none", Count: 1, Stamp: "stale",
		Phrases: map[string][]string{"en": {phraseAt(i), fmt.Sprintf("word %d", i)}, "fr": {fmt.Sprintf("mot %d", i)}}}
}

// largeAsk returns the ask of a number: some days back, of keywords of which few are asked much and many
// little, and one in ten of words that none has.
func largeAsk(now time.Time, n int) (who.Key, journal.Trace) {
	number := uint64(n)                        //nolint:gosec // not below 0
	random := rand.New(rand.NewPCG(1, number)) //nolint:gosec // the same asks each time
	at := now.Add(-time.Duration(random.Float64() * consoleDays * 24 * float64(time.Hour)))
	reader := who.Key(fmt.Sprintf("%s.reader%d", largeID, random.IntN(50_000)))
	t := journal.Trace{Ask: 1<<62 + number, At: at, Channel: "web", Who: journal.Who{Language: []string{"en", "fr"}[random.IntN(2)]}, Took: journal.Took{Total: journal.Millis(8 + random.ExpFloat64()*90)}}
	i := int(random.Float64() * random.Float64() * random.Float64() * consoleKeywords)
	id := fmt.Sprintf("keyword-%05d", i)
	if random.IntN(10) == 0 {
		t.Outcome, t.What = journal.Missed, journal.What{Core: "wanted " + phraseAt(int(random.Float64()*random.Float64()*consoleTexts)), Runners: []string{id}}
		return reader, t
	}
	t.Outcome, t.What.Keyword = journal.Answered, id
	t.When = journal.When{Source: fmt.Sprintf("source-%04d", i%consoleSources), AsOf: at.Add(-time.Duration(random.IntN(900)) * time.Second)}
	return reader, t
}

// timeChange returns how long it takes from saving a keyword until its new word
// answers.
func timeChange(ctx context.Context, s Server) (time.Duration, error) {
	const rounds = 15
	var took []float64
	k := largeKeyword(1)
	for i := range rounds {
		k.Phrases = map[string][]string{"en": {fmt.Sprintf("changed %d", i)}}
		began := time.Now()
		if err := s.Change(ctx, largeID, k); err != nil {
			return 0, err
		}
		took = append(took, float64(time.Since(began)))
	}
	return time.Duration(medianOf(took)), nil
}

// viewer looks at pages over one connection.
type viewer struct {
	net.Conn
	read *bufio.Reader
	// cookie is that of a session; empty if nobody is signed in.
	cookie string
	// beside is called before each view.
	beside func(n int) error
	views  int
}

func newViewer(ctx context.Context, address string) (*viewer, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &viewer{Conn: conn, read: bufio.NewReaderSize(conn, 1<<20)}, nil
}

// p95 views a page many times, and tells its size.
func (v *viewer) p95(path string) (time.Duration, int, error) {
	request := "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + v.cookie + "\r\n\r\n"
	took, size := make([]float64, 0, consoleViews), 0
	for i := range consoleViews + consoleViews/4 {
		if v.views++; v.beside != nil {
			if err := v.beside(v.views); err != nil {
				return 0, 0, err
			}
		}
		began := time.Now()
		if _, err := io.WriteString(v, request); err != nil {
			return 0, 0, fmt.Errorf("ask for %s: %w", path, err)
		}
		answer, err := http.ReadResponse(v.read, nil)
		if err != nil {
			return 0, 0, fmt.Errorf("view %s: %w", path, err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			return 0, 0, fmt.Errorf("view %s: %w", path, err)
		}
		if answer.StatusCode != http.StatusOK {
			return 0, 0, fmt.Errorf("view %s: %s", path, answer.Status)
		}
		if size = int(n); i >= consoleViews/4 {
			took = append(took, float64(time.Since(began)))
		}
	}
	slices.Sort(took)
	return time.Duration(quantileOf(took, 0.95)), size, nil
}
