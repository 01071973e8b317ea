package newsfeed_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"keypull/sources/newsfeed"
)

const address = "https://k.example/feed"

func TestAnEntrySaysWhatItsElementsSay(t *testing.T) {
	const document = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:m="http://search.yahoo.com/mrss/"><channel>
		<title>Kitchen</title><link>https://k.example/site/</link><skipHours><hour>3</hour><hour>4</hour></skipHours>
		<item><title>Leek &amp;amp; tart</title><link>one</link><dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>
		<description>Warm <b>and &lt;b&gt;</b></description><pubDate>Mon</pubDate><m:credit>Cy</m:credit><premium>true</premium></item>
		<item><m:group><m:title>Film</m:title><m:content url="/v.mp4"/></m:group></item></channel></rss>`
	f, err := newsfeed.Read([]byte(document), address)
	if err != nil || len(f.Entries) != 2 || f.Form != "RSS" || f.Title != "Kitchen" || f.Said["skiphours"] != " 3 4" {
		t.Fatalf("it is %+v, error %v", f, err)
	}
	e := f.Entries[0]
	if e.Title != "Leek &amp; tart" || e.Link != "https://k.example/site/one" || e.Summary != "Warm <b>and &lt;b&gt;</b>" || e.Published != "Mon" {
		t.Errorf("the first says %+v", e)
	}
	if !slices.Equal(e.Authors, []string{"Ann", "Bo"}) || e.Credit != "Cy" || !e.Paid {
		t.Errorf("it is by %q, its pictures are %q's, paid for: %v", e.Authors, e.Credit, e.Paid)
	}
	if e = f.Entries[1]; e.Title != "Film" || len(e.Media) != 1 || e.Media[0].URL != "https://k.example/v.mp4" {
		t.Errorf("the second says %+v", e)
	}
}

func TestWhatIsNoFeedIsRefused(t *testing.T) {
	for document, want := range map[string]error{
		"": newsfeed.ErrNoFeed, "Hello": newsfeed.ErrNoFeed, "<!doctype html><html><body><rss></rss>": newsfeed.ErrNoFeed,
		`{"a":1}`: newsfeed.ErrNoFeed, `{"items":[`: newsfeed.ErrDamage, "<rss><channel><item>": newsfeed.ErrTorn,
		"<rss>" + strings.Repeat("<a>", newsfeed.MaxDepth): newsfeed.ErrDeep, strings.Repeat("x", 1<<15) + "<rss></rss>": newsfeed.ErrNoFeed,
	} {
		if _, err := newsfeed.Read([]byte(document), address); !errors.Is(err, want) {
			t.Errorf("%.40q: the error is %v; want %v", document, err, want)
		}
	}
}

func FuzzWhatIsSentIsReadOrRefused(f *testing.F) {
	for _, s := range []string{"<rss><item><title>a<![CDATA[b", "<feed><entry><link href='/'/></entry></feed>", "<", "<a", "</", "<rss/>", "<channel><item", "{\"items\":[{},1]}", "<rss><!", "<k:rss xmlns:k='x'/>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		feed, err := newsfeed.Read(document, address)
		for _, e := range feed.Entries {
			if err == nil && e.Link != "" && !strings.HasPrefix(e.Link, "http") {
				t.Errorf("a link is %q", e.Link)
			}
		}
	})
}
