package archive

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/ld"
)

// Limits of saved articles.
const (
	maxSaved      = 512 << 20
	maxSavedSent  = 64 << 20
	maxSavedBytes = 2 << 20
)

// fetchSaved requests an address of saved articles, and reads these.
func (g *collector) fetchSaved(ctx context.Context, address string) {
	res := g.fetchDocument(ctx, "articles", address, "application/x-ndjson, application/json, */*;q=0.5", maxSavedSent)
	if res == nil {
		return
	}
	body, url := res.Body, res.URL
	res.Body = nil
	if err := g.readSaved(ctx, bytes.NewReader(g.toUTF8(res, body)), url); err != nil {
		g.forgetUnreadable(address, err)
	}
}

// readSaved puts the saved articles of a text into the index, and warns of entries that
// are no articles.
func (g *collector) readSaved(ctx context.Context, r io.Reader, base string) error {
	bad, err := eachSaved(ctx, r, base, g.env.Zone, func(a article) {
		a.Seen = g.firstSeen(ctx, a)
		g.putArticles(ctx, a)
	})
	if bad > 0 && err == nil {
		g.Warnings = append(g.Warnings, own.Text("saved_bad", words.Args{"count": bad}))
	}
	return err
}

// eachSaved hands over the articles of a list in JSON, of an object that holds one, or of
// JSON Lines: one at a time, however many there are. bad is how many were no article;
// where none is one, that is an error.
func eachSaved(ctx context.Context, r io.Reader, base string, zone *time.Location, keep func(article)) (bad int, err error) {
	in := bufio.NewReader(r)
	d := json.NewDecoder(in)
	for {
		next, err := in.Peek(1)
		if err != nil {
			return 0, notSaved(err)
		}
		if next[0] == '[' {
			_, _ = d.Token()
		}
		if strings.IndexByte(" \t\r\n\xEF\xBB\xBF", next[0]) < 0 {
			break
		}
		_, _ = in.Discard(1)
	}
	good := 0
	for ctx.Err() == nil && d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			if good == 0 {
				return bad, notSaved(err)
			}
			bad++
			break
		}
		list := listedValues(raw)
		if list == nil {
			list = []json.RawMessage{raw}
		}
		for _, one := range list {
			if a, ok := savedArticle(one, base, zone); ok {
				keep(a)
				good++
			} else {
				bad++
			}
		}
	}
	if good == 0 {
		return bad, notSaved(nil)
	}
	return bad, nil
}

// listedValues returns the list of articles in an object, or nil if there is none.
func listedValues(raw json.RawMessage) []json.RawMessage {
	var holder struct {
		Articles []json.RawMessage `json:"articles"`
		Items    []json.RawMessage `json:"items"`
	}
	if json.Unmarshal(raw, &holder) != nil {
		return nil
	}
	return append(holder.Articles, holder.Items...)
}

// savedArticle returns a saved article, or false if it is none; names that others use are understood.
func savedArticle(raw json.RawMessage, base string, zone *time.Location) (a article, ok bool) {
	if len(raw) > maxSavedBytes {
		return a, false
	}
	v, _ := sources.DecodeJSON(string(raw))
	written, is := v.(map[string]any)
	if !is {
		return a, false
	}
	said := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(written)) { // those in small letters last
		said[strings.ToLower(name)] = textOfValue(written[name])
	}
	a.Title = sources.Shorten(cmp.Or(sources.Line(said["title"]), sources.Line(said["headline"])), maxTitle)
	a.Language = sources.Line(cmp.Or(said["language"], said["lang"]))
	a.Link = cmp.Or(sources.SafeLink(base, said["link"]), sources.SafeLink(base, said["url"]))
	a.ID = articleID(a.Link, sources.Line(said["id"]), a.Title)
	a.Paragraphs = splitParagraphs(sources.Plain(cmp.Or(said["text"], said["body"], said["content"])))
	a.Image = sources.SafeLink(base, said["image"])
	dates := sources.NewDates(sources.DateHints{Language: a.Language, Zone: zone, Naive: zone})
	a.Published = cmp.Or(dates.Read(said["published"]), dates.Read(said["date"]), dates.Read(said["datepublished"]))
	return a, a.Title != "" || len(a.Paragraphs) > 0
}

// textOfValue returns a text that was saved, or the paragraphs of a list.
func textOfValue(v any) string {
	list, is := v.([]any)
	if !is {
		return ld.Text(v)
	}
	texts := make([]string, 0, len(list))
	for _, one := range list {
		texts = append(texts, ld.Text(one))
	}
	return strings.Join(texts, "\n\n")
}

// notSaved returns the error of a text without saved articles.
func notSaved(err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "articles", Hint: own.Text("no_saved", nil), Err: err}
}
