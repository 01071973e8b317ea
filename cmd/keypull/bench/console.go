package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/store"
	"keypull/web/console/site"
)

// The large publisher whose console is measured.
const (
	consoleSources  = 1000
	consoleKeywords = 10_000
	consoleViews    = 200
	largeID         = "large"
)

// consolePages returns the pages that are measured, below the publisher's.
func consolePages() []string {
	return []string{
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
	s, err := b.service.Start(ctx, file, StartOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
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
	return b.reportViews(v, session)
}

// reportViews compares with the barest page that the console has: the one that lets
// people in.
func (b *bencher) reportViews(v *viewer, session *http.Cookie) error {
	bare, _, err := v.p95(site.Root + "/sign-in")
	if err != nil {
		return err
	}
	v.cookie = session.Name + "=" + session.Value
	for _, page := range consolePages() {
		took, bytes, err := v.p95(site.Root + "/p/" + largeID + "/" + page)
		if err != nil {
			return err
		}
		b.report.addFigure(figure{Name: "console: " + page, Value: float64(took) / float64(bare), Unit: "×",
			Detail: fmt.Sprintf("p95 %.2f ms : %.2f ms, %d kB", milliseconds(took), milliseconds(bare), bytes/1000)}.atMost(15, 0))
	}
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
