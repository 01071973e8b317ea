package feed_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
)

// mostMemory is what reading any document may take beside the document itself.
const mostMemory = 64 << 20

// wholeFeed is the size of the largest document that is read.
const wholeFeed = 8 << 20

// monster makes a document, one at a time: they are large.
type monster func() []byte

// fillTemplate repeats a text up to the size of the largest document.
func filled(begin, again, end string) monster {
	return func() []byte {
		n := (wholeFeed - len(begin) - len(end)) / len(again)
		return []byte(begin + strings.Repeat(again, n) + end)
	}
}

func monsters() map[string]monster {
	const head, foot = "<rss version=\"2.0\"><channel><title>t</title>", "</channel></rss>"
	const in, out = head + "<item><title>x</title><link>https://x.example/1</link>", "</item>" + foot
	return map[string]monster{
		"a long title":             filled(head+"<item><title>", "word &amp; ", "</title></item>"+foot),
		"a long link":              filled(head+"<item><title>x</title><link>https://x.example/", "abcdefgh", "</link></item>"+foot),
		"a long text":              filled(in+"<description>", "&lt;p&gt;words &amp;amp; more&lt;/p&gt; ", "</description>"+out),
		"character data":           filled(in+"<description><![CDATA[", "<p>words</p> ", "]]></description>"+out),
		"many character data":      filled(in+"<description>", "<![CDATA[x]]>", "</description>"+out),
		"an attribute":             filled(in+`<enclosure url="https://x.example/`, "abcdefgh", `"/>`+out),
		"many attributes":          filled(in+`<enclosure `, `a="b" `, `/>`+out),
		"many different":           attributesOf(in, out),
		"comments":                 filled(in, "<!-- c -->", out),
		"one comment":              filled(in+"<!--", " long ", "-->"+out),
		"white space":              filled(in, " ", out),
		"white space in a tag":     filled(in+"<enclosure ", " ", "/>"+out),
		"elements nobody knows":    filled(in, "<a/>", out),
		"elements in a text":       filled(in+"<description>", "<b>x</b>", "</description>"+out),
		"known elements":           filled(in, "<category>c</category>", out),
		"groups":                   filled(in+"<media:group>", `<media:content url="/1"/>`, "</media:group>"+out),
		"items":                    filled(head, "<item><title>x</title></item>", foot),
		"entities":                 filled(in+"<description>", "&#38;#38;", "</description>"+out),
		"unclosed elements":        filled(in, "<category>", out),
		"declarations":             filled(`<!DOCTYPE rss [`, `<!ENTITY a "b">`, "]>"+in+out),
		"bare brackets":            filled(in+"<description>", "< ", "</description>"+out),
		"an open tag":              filled(in+"<enclosure url=\"", "x ", ""),
		"texts of a feed":          filled(head, "<item><title>x</title><description>"+strings.Repeat("words and words ", 5000)+"</description></item>", foot),
		"Atom of XHTML":            filled(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>x</title><content type="xhtml"><div>`, "<b>x</b>", "</div></content></entry></feed>"),
		"Atom of escaped HTML":     filled(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>x</title><content type="html">`, "&lt;b&gt;x", "</content></entry></feed>"),
		"Latin letters":            filled(`<?xml version="1.0" encoding="windows-1252"?>`+in+"<description>", "\x80\x81\x82", "</description>"+out),
		"bytes that are no letter": filled(in+"<description>", "a\xff", "</description>"+out),
		"UTF-16":                   filled("\xFF\xFE", "<\x00", ""),
		"noise":                    noise,
		"JSON objects":             filled(`{"version":"https://jsonfeed.org/version/1.1","items":[{}`, `,{}`, `]}`),
		"JSON attachments":         filled(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","attachments":[{}`, `,{}`, `]}]}`),
		"a JSON text":              filled(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","content_html":"`, `w\u00e9 `, `"}]}`),
		"JSON space":               filled(`{"version":"https://jsonfeed.org/version/1.1","items":[`, " \n", `]}`),
	}
}

func noise() []byte {
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- the same document each time
	text := []byte("<rss><channel><item><title>")
	for len(text) < wholeFeed {
		text = append(text, " e\xE9<&\x80\xFF\xC3\xA9;"[random.IntN(10)])
	}
	return text
}

func attributesOf(begin, end string) monster {
	return func() []byte {
		var b strings.Builder
		b.WriteString(begin + "<enclosure ")
		for i := 0; b.Len() < wholeFeed-200; i++ {
			fmt.Fprintf(&b, `a%d="%d" `, i, i)
		}
		return []byte(b.String() + "/>" + end)
	}
}

// TestHostileDocumentsStayWithinTheirMemory measures, for each document, how
// much of the heap is in use at the most.
func TestHostileDocumentsStayWithinTheirMemory(t *testing.T) {
	for name, document := range monsters() {
		text := document()
		source := saved(t, "", text)
		var items int
		peak := peakOf(func() {
			s, err := source.Fetch(t.Context(), "feed", nil)
			if err == nil {
				items = len(s.Items)
			}
		})
		if peak > mostMemory {
			t.Errorf("%s: reading %d MiB takes %d MiB", name, len(text)>>20, peak>>20)
		}
		t.Logf("%-26s %3d MiB, %4d items", name, peak>>20, items)
	}
}

// peakOf returns by how many bytes the heap grows at the most while f runs: the collector
// runs often, so that it is what is held and not what has been left lying about.
func peakOf(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(8))
	// What former tests left in pools goes at the second time, and would have the
	// collector wait the longer for what f leaves.
	runtime.GC()
	debug.FreeOSMemory()
	base := heap()
	// Where others keep the collector from its turn, it takes it before the bound.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(mapped() + mostMemory/2))
	peak := base
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		look := time.NewTicker(time.Millisecond)
		defer look.Stop()
		for {
			select {
			case <-done:
				return
			case <-look.C:
				peak = max(peak, heap())
			}
		}
	})
	f()
	close(done)
	watching.Wait()
	return peak - base
}

// heap returns how many bytes of the heap are in use.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// mapped returns how many bytes the process holds, as its limit counts them.
func mapped() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64()) // #nosec G115 -- less than there is memory
}

func TestLargeFeedsOfWholeTextsAreRead(t *testing.T) {
	var text strings.Builder
	text.WriteString(`<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Whole texts</title>`)
	paragraph := "<p>" + strings.Repeat("A sentence of some words. ", 20) + `<a href="https://x.example/">a link</a> <img src="https://x.example/i.png" alt="A picture"></p>`
	for i := range 50 {
		fmt.Fprintf(&text, "<item><title>Text %d</title><link>https://x.example/%d</link><guid>%d</guid><pubDate>Sun, 01 Mar 2026 09:%02d:00 +0000</pubDate><content:encoded><![CDATA[%s<p>The end of %d.</p>]]></content:encoded></item>",
			i, i, i, i, strings.Repeat(paragraph, 180), i)
	}
	text.WriteString("</channel></rss>")
	source := saved(t, "application/rss+xml", []byte(text.String()))
	var s pull.Snapshot
	var err error
	peak := peakOf(func() { s, err = source.Fetch(t.Context(), "feed", nil) })
	if err != nil || len(s.Items) != 50 || len(s.Warnings) > 0 {
		t.Fatalf("%d items, warnings %q, error %v", len(s.Items), s.Warnings, err)
	}
	for _, it := range s.Items {
		if len(it.Body) < 19_000 || !strings.HasSuffix(it.Body, ".") && !strings.HasSuffix(it.Body, "…") || len(it.Media) != 1 {
			t.Errorf("%s has %d bytes of text, ending %q, %d media", it.Title, len(it.Body), it.Body[max(0, len(it.Body)-20):], len(it.Media))
		}
	}
	if peak > mostMemory {
		t.Errorf("reading %d MiB takes %d MiB", text.Len()>>20, peak>>20)
	}
}
