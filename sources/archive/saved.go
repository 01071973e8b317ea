package archive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// Limits of saved articles.
const (
	maxSaved      = 512 << 20
	maxSavedSent  = 64 << 20
	maxSavedBytes = 2 << 20
)

// saved reads an address of saved articles.
func (g *gathering) saved(ctx context.Context, address string) {
	res := g.get(ctx, "articles", address, "application/x-ndjson, application/json, */*;q=0.5", maxSavedSent)
	if res == nil {
		return
	}
	body, url := res.Body, res.URL
	res.Body = nil
	if err := g.readSaved(ctx, bytes.NewReader(body), url); err != nil {
		g.unread(address, err)
	}
}

// record is a saved article as it is written; names that others use are understood.
type record struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Headline string `json:"headline"`
	Text     string `json:"text"`
	Body     string `json:"body"`
	Content  string `json:"content"`
	Link     string `json:"link"`
	URL      string `json:"url"`
	// Published is a date as text, or seconds.
	Published     any    `json:"published"`
	Date          any    `json:"date"`
	DatePublished any    `json:"datePublished"`
	Language      string `json:"language"`
	Lang          string `json:"lang"`
	Image         string `json:"image"`
}

// readSaved reads a list in JSON, an object that holds one, or JSON Lines: one
// article at a time, however many there are. What is no article is left out, and
// said.
func (g *gathering) readSaved(ctx context.Context, r io.Reader, base string) error {
	in := bufio.NewReader(r)
	for {
		next, err := in.Peek(1)
		if err != nil {
			return notSaved(err)
		}
		if strings.IndexByte(" \t\r\n[\xEF\xBB\xBF", next[0]) < 0 {
			break
		}
		_, _ = in.Discard(1)
	}
	d := json.NewDecoder(&separated{in: in})
	bad, good := 0, 0
	for ctx.Err() == nil {
		var raw json.RawMessage
		if err := d.Decode(&raw); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			if good == 0 {
				return notSaved(err)
			}
			bad++
			break
		}
		n := g.record(ctx, raw, base)
		good += n
		if n == 0 {
			bad++
		}
	}
	if good == 0 {
		return notSaved(nil)
	}
	if bad > 0 {
		g.mu.Lock()
		g.warn(own.Text("saved_bad", words.Args{"count": bad}))
		g.mu.Unlock()
	}
	return nil
}

// record keeps one saved article, or those of an object that holds a list of them,
// and returns how many they were.
func (g *gathering) record(ctx context.Context, raw json.RawMessage, base string) int {
	var holder struct {
		Articles []json.RawMessage `json:"articles"`
		Items    []json.RawMessage `json:"items"`
	}
	if json.Unmarshal(raw, &holder) == nil && len(holder.Articles)+len(holder.Items) > 0 {
		n := 0
		for _, one := range append(holder.Articles, holder.Items...) {
			n += g.record(ctx, one, base)
		}
		return n
	}
	var rec record
	if len(raw) > maxSavedBytes || json.Unmarshal(raw, &rec) != nil {
		return 0
	}
	a := rec.article(base, g.env.Zone)
	if a.Title == "" && len(a.Paragraphs) == 0 {
		return 0
	}
	a.Seen = g.seen(ctx, a)
	g.put(ctx, a)
	return 1
}

func (r record) article(base string, zone *time.Location) article {
	text := r.Text + r.Body + r.Content
	if r.Text != "" {
		text = r.Text
	} else if r.Body != "" {
		text = r.Body
	}
	a := article{Title: sources.Shorten(sources.Line(r.Title), maxTitle), Link: sources.SafeLink(base, r.Link), Language: sources.Line(r.Language + r.Lang)}
	if a.Title == "" {
		a.Title = sources.Shorten(sources.Line(r.Headline), maxTitle)
	}
	if a.Link == "" {
		a.Link = sources.SafeLink(base, r.URL)
	}
	a.ID = identity(a.Link, sources.Line(r.ID), a.Title)
	a.Paragraphs, a.Image = paragraphs(sources.Plain(text)), sources.SafeLink(base, r.Image)
	for _, date := range []any{r.Published, r.Date, r.DatePublished} {
		if a.Published.IsZero() {
			a.Published = moment(date, a.Language, zone)
		}
	}
	return a
}

// moment reads a date of JSON.
func moment(value any, language string, zone *time.Location) time.Time {
	const far, milli = 1e11, 1000
	switch v := value.(type) {
	case string:
		return sources.NewDates(sources.DateHints{Language: language, Zone: zone}).Read(v)
	case float64:
		if v > far {
			v /= milli
		}
		if v > 0 && v < far {
			return time.Unix(int64(v), 0).UTC()
		}
	}
	return time.Time{}
}

func notSaved(err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "articles", Hint: own.Text("no_saved", nil), Err: err}
}

// separated leaves out the commas between the values of a list, and its end, so that
// they are read one by one.
type separated struct {
	in            *bufio.Reader
	depth         int
	quoted, slash bool
}

// Read implements io.Reader.
func (s *separated) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	for i, c := range p[:n] {
		switch {
		case s.slash:
			s.slash = false
		case s.quoted:
			s.slash = c == '\\'
			s.quoted = c != '"'
		case c == '"':
			s.quoted = true
		case c == '{' || c == '[':
			s.depth++
		case c == '}' || c == ']':
			if s.depth == 0 {
				p[i] = ' '
				continue
			}
			s.depth--
		case c == ',' && s.depth == 0:
			p[i] = '\n'
		}
	}
	return n, err //nolint:wrapcheck // what the reader said
}
