package feed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDamagedFeedsAreReadAsWellAsCanBe has what stands in no specification.
func TestDamagedFeedsAreReadAsWellAsCanBe(t *testing.T) {
	const head, foot = "<rss><channel><title>t</title>", "</channel></rss>"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a bracket in a title":       {head + "<item><title>a < b</title></item>" + foot, []string{"a < b"}},
		"an item left open":          {head + "<item><title>a</title><item><title>b</title></item>" + foot, []string{"a", "b"}},
		"a title left open":          {head + "<item><title>a<link>https://x.example/</link></item>" + foot, []string{"ahttps://x.example/"}},
		"an end that begins nothing": {head + "</p><item></b><title>a</title></item>" + foot, []string{"a"}},
		"HTML that is not escaped":   {head + "<item><title>a <b>bold</b> one</title><description><p>x<br>y</p></description></item>" + foot, []string{"a bold one"}},
		"foreign items in an item":   {head + "<item xmlns:x='y'><title>a</title><x:list><x:item>1</x:item><x:item>2</x:item></x:list></item>" + foot, []string{"a"}},
		"an attribute in no quotes":  {head + "<item><title>a</title><enclosure url=https://x.example/a.mp3 type=audio/mpeg></enclosure></item>" + foot, []string{"a"}},
		"a declaration of entities":  {`<!DOCTYPE rss [<!ENTITY x "y">]>` + head + "<item><title>a &amp; b</title></item>" + foot, []string{"a & b"}},
		"character data in pieces":   {head + "<item><title>a <![CDATA[<b>b</b>]]> &lt;c&gt; <![CDATA[d]]></title></item>" + foot, []string{"a b d"}},
		"comments everywhere":        {"<!-- x --><rss><!-- <item> --><channel><item><title>a<!-- b --></title></item>" + foot, []string{"a"}},
		"a very long title":          {head + "<item><title>" + strings.Repeat("ab &amp; ", 100_000) + "</title></item>" + foot, []string{strings.Repeat("ab & ", 59) + "ab &…"}},
	} {
		s, err := saved(t, "", []byte(c.text)).Fetch(t.Context(), "feed", nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var titles []string
		for _, it := range s.Items {
			titles = append(titles, it.Title)
		}
		if diff := cmp.Diff(c.want, titles); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestATextBeyondMeasureIsCutWithAMark(t *testing.T) {
	for name, text := range map[string]string{
		"words":          strings.Repeat("<b></b>", 200_000) + "words that are never read",
		"character data": "<![CDATA[" + strings.Repeat("<i></i>", 200_000) + "words]]>",
		"within a tag":   "<![CDATA[<p>Words</p>" + strings.Repeat("<i></i>", 149_000) + "<a href='" + strings.Repeat("x", 10_000) + "'>x</a>]]>",
	} {
		document := "<rss><channel><item><title>a</title><description>" + text + "</description></item></channel></rss>"
		s, err := saved(t, "", []byte(document)).Fetch(t.Context(), "feed", nil)
		if err != nil || len(s.Items) != 1 || !strings.Contains(strings.Join(saidAll(s.Warnings), ""), "beyond measure") {
			t.Errorf("%s: %d items, warnings %q, error %v", name, len(s.Items), s.Warnings, err)
			continue
		}
		if text := s.Items[0].Summary; !strings.HasSuffix(text, "…") {
			t.Errorf("%s: the text ends with %.20q", name, text)
		}
	}
}
