package archive_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

const pushSecret = "a-long-random-word-of-the-outlet"

// feedOf returns a feed whose entries hold their articles in full.
func feedOf(articles []saved) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Tane Courier</title><language>en</language>`)
	for i, a := range articles {
		fmt.Fprintf(&b, `<item><title>%s</title><link>%s</link><guid>%d</guid><pubDate>%s</pubDate><content:encoded><![CDATA[<p>%s</p><p>%s</p>]]></content:encoded></item>`,
			strings.ReplaceAll(a.Title, "&", "&amp;"), a.Link, i, a.Published.Format(time.RFC1123Z), strings.Join(a.paragraphs, "</p><p>"), strings.Repeat("Further news stand on the next page. ", 20))
	}
	return b.String() + `</channel></rss>`
}

func TestArchiveKeepsThePromisesOfASource(t *testing.T) {
	english := outlets(t)[1]
	feed := feedOf(english.articles)
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("articles are read as package feed reads them, and the best answer is told", sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Order),
		Dated: func(at ...time.Time) string {
			var b strings.Builder
			for _, when := range at {
				fmt.Fprintf(&b, "<item><title>Renn of %d</title><link>https://example.org/%[1]d</link><pubDate>%s</pubDate></item>", when.Unix(), when.Format(time.RFC1123Z))
			}
			return "<rss><channel>" + b.String() + "</channel></rss>"
		},
		Kind: archive.Kind,
		Settings: func(upstream string) map[string]any {
			return map[string]any{"feeds": []any{upstream + "/feed.xml"}, "push_secret": pushSecret}
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml")
			_, _ = w.Write([]byte(feed))
		}),
		Query: pull.Query{Argument: "Why did Tobias Renn step down?", Count: 1, At: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)},
		Other: "How hot was it in Tarn on Saturday?", Several: "when does the parking in Halden begin to cost",
		Push: signed, Discovered: discovered(),
		Bad: []sourcetest.Bad{
			{Name: "nothing", Settings: map[string]any{}, Field: "feeds"},
			{Name: "no address", Settings: map[string]any{"feeds": []any{"file:///etc/passwd"}}, Field: "feeds"},
			{Name: "no day", Settings: map[string]any{"feeds": []any{"https://example.org"}, "from": "soon"}, Field: "from"},
			{Name: "no room", Settings: map[string]any{"feeds": []any{"https://example.org"}, "room": "1KiB"}, Field: "room"},
		},
		Hostile: map[string]string{
			"scripts and bad links": `<rss><channel><item><title>Renn &lt;script>alert(1)&lt;/script></title><link>javascript:alert(1)</link><description>&lt;p onclick="x">Tobias Renn &lt;iframe src="x">resigned.&lt;/p></description></item></channel></rss>`,
			"no end":                `<rss><channel><item><title>Renn`,
		},
	})
}

func signed(settings map[string]any) pull.Push {
	body, _ := json.Marshal(map[string]any{"withdraw": []string{"https://en.example.org/mayor-halden"}}) //nolint:errchkjson // texts alone
	_ = settings
	at := time.Now()
	id, stamp := "msg_"+strconv.FormatInt(at.UnixNano(), 10), strconv.FormatInt(at.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(pushSecret))
	_, _ = sum.Write(bytes.Join([][]byte{[]byte(id), []byte(stamp), body}, []byte(".")))
	return pull.Push{Method: http.MethodPost, Body: body, At: at, Header: map[string][]string{
		"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))},
	}}
}

// TestALongArticleAnswersToItsEnd asks for the last of four hundred paragraphs.
func TestALongArticleAnswersToItsEnd(t *testing.T) {
	var text strings.Builder
	for i := range 400 {
		fmt.Fprintf(&text, "In the year after chapter %d of the chronicle the parish of Ashby counted its sheep and its candles again.\n\n", i)
	}
	text.WriteString("The chronicle of Ashby ends with the flood that carried away the watermill of Penhallow.")
	line, err := json.Marshal(saved{Title: "The chronicle of Ashby", Text: text.String(), Link: "https://example.org/chronicle", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "articles.jsonl"), line, 0o600); err != nil {
		t.Fatal(err)
	}
	env := sourcetest.Env(t, folder)
	source := sourcetest.Open(t, archive.Kind, env, map[string]any{"file": "articles.jsonl"})
	t.Cleanup(func() { _ = source.(pull.Closer).Close() })
	snapshot, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := source.Select(t.Context(), snapshot, pull.Query{Argument: "What carried away the watermill of Penhallow in the chronicle of Ashby?", Count: 1, Language: "en", At: env.Clock()})
	if err != nil || len(found.Items) != 1 || !strings.Contains(found.Items[0].Summary, "Penhallow") {
		t.Errorf("found %+v, %v", found, err)
	}
}
