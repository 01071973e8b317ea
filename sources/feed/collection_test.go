package feed_test

import (
	"encoding/base64"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"keypull/sources/sourcetest"
)

// odd is a small document as some program writes it, and what must be found:
// the first item's title, text, link or medium, whatever the field's letter
// says: t, s (summary or body), l, m. "" is that there is an item.
type odd struct{ doc, want string }

// oneRSS, atom and those below wrap what is inside an item.
func oneRSS(inside string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>Kitchen</title><link>https://k.example/</link><item>` + inside + `</item></channel></rss>`
}

func atom(inside string) string {
	return `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Kitchen</title><link href="https://k.example/"/><entry>` + inside + `</entry></feed>`
}

func atom03(inside string) string {
	return `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Kitchen</title><entry>` + inside + `</entry></feed>`
}

func rdf(inside string) string {
	return `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://k.example/"><title>Kitchen</title></channel>` + inside + `</rdf:RDF>`
}

func jsonFeed(inside string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","title":"Kitchen","items":[` + inside + `]}`
}

func wide(order string, size int, text string) string {
	var b strings.Builder
	units := utf16.Encode([]rune(text))
	put := func(n uint32) {
		for i := range size {
			shift := 8 * i
			if order == "big" {
				shift = 8 * (size - 1 - i)
			}
			b.WriteByte(byte(n >> shift)) //nolint:gosec // a byte of it
		}
	}
	if size == 4 {
		for _, r := range text {
			put(uint32(r)) //nolint:gosec // a letter is no negative number
		}
		return b.String()
	}
	for _, u := range units {
		put(uint32(u))
	}
	return b.String()
}

func in(encode func(string) (string, error), name, text string) string {
	coded, err := encode(`<?xml version="1.0" encoding="` + name + `"?><rss version="2.0"><channel><item><title>` + text + `</title></item></channel></rss>`)
	if err != nil {
		panic(err)
	}
	return coded
}

// coded is a text in base64.
var coded = base64.StdEncoding.EncodeToString([]byte("<p>Leek tart</p>")) //nolint:gochecknoglobals // as below

// collection holds the documents, by what is odd about them.
var collection = map[string]odd{ //nolint:gochecknoglobals // a table
	"RSS 0.90":                           {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>K</title></channel><item><title>Leek tart</title><link>https://k.example/1</link></item></rdf:RDF>`, "tLeek tart"},
	"RSS 0.91 with its DTD":              {`<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"RSS 0.92, a text alone":             {`<rss version="0.92"><channel><item><description>Leek tart</description></item></channel></rss>`, "sLeek tart"},
	"RSS 0.93 with an enclosure":         {`<rss version="0.93"><channel><item><enclosure url="https://k.example/a.mp3" length="12" type="audio/mpeg"/></item></channel></rss>`, "mhttps://k.example/a.mp3"},
	"RSS 0.94":                           {`<rss version="0.94"><channel><item><title>Leek tart</title><description type="text/html">x</description></item></channel></rss>`, "tLeek tart"},
	"RSS 1.0":                            {rdf(`<item rdf:about="https://k.example/1"><title>Leek tart</title><link>https://k.example/1</link></item>`), "lhttps://k.example/1"},
	"RSS 1.0, the address in about":      {rdf(`<item rdf:about="https://k.example/1"><title>Leek tart</title></item>`), "lhttps://k.example/1"},
	"RSS 1.0, the resource in link":      {rdf(`<item><link rdf:resource="https://k.example/1"/></item>`), "lhttps://k.example/1"},
	"RSS 1.1":                            {`<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><title>K</title><items rdf:parseType="Collection"><item rdf:about="https://k.example/1"><title>Leek tart</title><link>https://k.example/1</link></item></items></Channel>`, "tLeek tart"},
	"RSS 2.0 without a version":          {`<rss><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"RSS of a later version":             {`<rss version="3.14"><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"items beside the channel":           {`<rss version="2.0"><channel><title>K</title></channel><item><title>Leek tart</title></item></rss>`, "tLeek tart"},
	"no channel at all":                  {`<rss version="2.0"><item><title>Leek tart</title></item></rss>`, "tLeek tart"},
	"a channel without rss":              {`<channel><title>K</title><item><title>Leek tart</title></item></channel>`, "tLeek tart"},
	"capitals":                           {`<RSS VERSION="2.0"><CHANNEL><ITEM><TITLE>Leek tart</TITLE></ITEM></CHANNEL></RSS>`, "tLeek tart"},
	"CDF":                                {`<CHANNEL HREF="https://k.example/"><TITLE>K</TITLE><ITEM HREF="https://k.example/1"><TITLE>Leek tart</TITLE><ABSTRACT>Warm.</ABSTRACT></ITEM></CHANNEL>`, "lhttps://k.example/1"},
	"CDF, a text alone":                  {`<CHANNEL><ITEM><ABSTRACT>Leek tart</ABSTRACT></ITEM></CHANNEL>`, "sLeek tart"},
	"CDF in an element of its own":       {`<?xml version="1.0"?><channel href="https://k.example/"><item href="https://k.example/1"><title>Leek tart</title></item></channel>`, "lhttps://k.example/1"},
	"a default namespace of RSS 2.0":     {`<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"a default namespace of nobody":      {`<rss version="2.0" xmlns="urn:nobody"><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"prefixes on everything":             {`<k:rss xmlns:k="http://backend.userland.com/rss2"><k:channel><k:item><k:title>Leek tart</k:title></k:item></k:channel></k:rss>`, "tLeek tart"},
	"prefixed RSS 1.0":                   {`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:q="http://purl.org/rss/1.0/"><q:channel/><q:item r:about="https://k.example/1"><q:title>Leek tart</q:title></q:item></r:RDF>`, "tLeek tart"},
	"prefixed Atom":                      {`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Leek tart</a:title><a:link href="https://k.example/1"/></a:entry></a:feed>`, "lhttps://k.example/1"},
	"a prefix that is not declared":      {oneRSS(`<title>Leek tart</title><foo:bar>x</foo:bar>`), "tLeek tart"},
	"dc:title alone":                     {oneRSS(`<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Leek tart</dc:title>`), "tLeek tart"},
	"dc:title of a strange prefix":       {oneRSS(`<z:title xmlns:z="http://purl.org/dc/elements/1.1/">Leek tart</z:title>`), "tLeek tart"},
	"dc:description alone":               {oneRSS(`<dc:description xmlns:dc="http://purl.org/dc/elements/1.1/">Leek tart</dc:description>`), "sLeek tart"},
	"content:encoded alone":              {oneRSS(`<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>Leek tart</p>]]></content:encoded>`), "sLeek tart"},
	"content:encoded of another prefix":  {oneRSS(`<c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/">&lt;p>Leek tart&lt;/p></c:encoded>`), "sLeek tart"},
	"xhtml:body alone":                   {oneRSS(`<body xmlns="http://www.w3.org/1999/xhtml"><p>Leek <b>tart</b></p></body>`), "sLeek tart"},
	"xhtml:body of a prefix":             {oneRSS(`<xhtml:body xmlns:xhtml="http://www.w3.org/1999/xhtml"><xhtml:p>Leek tart</xhtml:p></xhtml:body>`), "sLeek tart"},
	"xhtml:div":                          {oneRSS(`<xhtml:div xmlns:xhtml="http://www.w3.org/1999/xhtml"><xhtml:p>Leek tart</xhtml:p></xhtml:div>`), "sLeek tart"},
	"fullitem":                           {oneRSS(`<fullitem>Leek tart</fullitem>`), "sLeek tart"},
	"summary in RSS":                     {oneRSS(`<summary>Leek tart</summary>`), "sLeek tart"},
	"itunes:summary alone":               {oneRSS(`<itunes:summary xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Leek tart</itunes:summary>`), "sLeek tart"},
	"itunes:title alone":                 {oneRSS(`<itunes:title xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Leek tart</itunes:title>`), "tLeek tart"},
	"itunes:subtitle alone":              {oneRSS(`<itunes:subtitle xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Leek tart</itunes:subtitle>`), "sLeek tart"},
	"itunes:image":                       {oneRSS(`<itunes:image xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" href="https://k.example/a.jpg"/>`), "mhttps://k.example/a.jpg"},
	"media:content alone":                {oneRSS(`<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://k.example/a.jpg" medium="image"/>`), "mhttps://k.example/a.jpg"},
	"media without the slash":            {oneRSS(`<media:content xmlns:media="http://search.yahoo.com/mrss" url="https://k.example/a.mp4" type="video/mp4"/>`), "mhttps://k.example/a.mp4"},
	"media of a strange prefix":          {oneRSS(`<mm:group xmlns:mm="http://search.yahoo.com/mrss/"><mm:content url="https://k.example/a.jpg" medium="image"/></mm:group>`), "mhttps://k.example/a.jpg"},
	"media:thumbnail alone":              {oneRSS(`<media:thumbnail xmlns:media="http://search.yahoo.com/mrss/" url="https://k.example/a.jpg"/>`), "mhttps://k.example/a.jpg"},
	"media:title alone":                  {oneRSS(`<media:title xmlns:media="http://search.yahoo.com/mrss/">Leek tart</media:title>`), "tLeek tart"},
	"media:description alone":            {oneRSS(`<media:description xmlns:media="http://search.yahoo.com/mrss/">Leek tart</media:description>`), "sLeek tart"},
	"media:player alone":                 {oneRSS(`<media:player xmlns:media="http://search.yahoo.com/mrss/" url="https://k.example/play"/>`), "lhttps://k.example/play"},
	"a group of a video site":            {atom(`<id>v1</id><media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title>Leek tart</media:title><media:content url="https://k.example/v.mp4" type="video/mp4"/></media:group>`), "mhttps://k.example/v.mp4"},
	"two enclosures":                     {oneRSS(`<enclosure url="https://k.example/a.mp3"/><enclosure url="https://k.example/b.mp3"/>`), "mhttps://k.example/b.mp3"},
	"an enclosure with href":             {oneRSS(`<enclosure href="https://k.example/a.mp3" type="audio/mpeg"/>`), "mhttps://k.example/a.mp3"},
	"a link alone":                       {oneRSS(`<link>https://k.example/1</link>`), "lhttps://k.example/1"},
	"a link among spaces":                {oneRSS("<link>\n  https://k.example/1\n </link>"), "lhttps://k.example/1"},
	"a link in CDATA":                    {oneRSS(`<link><![CDATA[https://k.example/1?a=1&b=2]]></link>`), "lhttps://k.example/1?a=1&b=2"},
	"a link in href":                     {oneRSS(`<link href="https://k.example/1"/>`), "lhttps://k.example/1"},
	"an atom:link in RSS":                {oneRSS(`<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="alternate" href="https://k.example/1"/>`), "lhttps://k.example/1"},
	"a guid that is the link":            {oneRSS(`<guid>https://k.example/1</guid>`), "lhttps://k.example/1"},
	"a guid that is none":                {oneRSS(`<guid isPermaLink="false">x1</guid><title>Leek tart</title>`), "tLeek tart"},
	"a relative link":                    {oneRSS(`<link>/1</link>`), "lhttps://k.example/1"},
	"xml:base on the feed":               {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/x/"><entry><link href="1"/></entry></feed>`, "lhttps://b.example/x/1"},
	"xml:base on the entry":              {atom(`<title>a</title><link xml:base="https://b.example/y/" href="1"/>`), "lhttps://b.example/y/1"},
	"xml:base upon xml:base":             {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/"><entry xml:base="z/"><link href="1"/></entry></feed>`, "lhttps://b.example/z/1"},
	"feedburner's own link":              {oneRSS(`<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">https://k.example/1</feedburner:origLink>`), "lhttps://k.example/1"},
	"comments alone":                     {oneRSS(`<comments>https://k.example/1#c</comments>`), "lhttps://k.example/1#c"},
	"a source and a title":               {oneRSS(`<source url="https://o.example/feed">Other</source><title>Leek tart</title>`), "tLeek tart"},
	"Atom 0.3":                           {atom03(`<title>Leek tart</title><link rel="alternate" type="text/html" href="https://k.example/1"/>`), "lhttps://k.example/1"},
	"Atom 0.3, escaped":                  {atom03(`<title mode="escaped">Leek &amp;amp; tart</title>`), "tLeek & tart"},
	"Atom 0.3, base64":                   {atom03(`<content type="text/html" mode="base64">` + coded + `</content>`), "sLeek tart"},
	"Atom 0.3, XML":                      {atom03(`<content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml">Leek tart</div></content>`), "sLeek tart"},
	"Atom 0.3, several contents":         {atom03(`<content type="multipart/alternative" mode="xml"><content type="text/plain">Leek tart</content></content>`), "sLeek tart"},
	"Atom 1.0":                           {atom(`<title>Leek tart</title><id>urn:1</id><updated>2026-03-01T00:00:00Z</updated>`), "tLeek tart"},
	"Atom, a title of HTML":              {atom(`<title type="html">&lt;b>Leek&lt;/b> tart</title>`), "tLeek tart"},
	"Atom, a title of XHTML":             {atom(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Leek <em>tart</em></div></title>`), "tLeek tart"},
	"Atom, a title of XHTML by a prefix": {atom(`<title type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">Leek <h:em>tart</h:em></h:div></title>`), "tLeek tart"},
	"Atom, XHTML":                        {atom(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Leek tart</p></div></content>`), "sLeek tart"},
	"Atom, XHTML by a prefix":            {atom(`<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>Leek tart</x:p></x:div></content>`), "sLeek tart"},
	"Atom, base64":                       {atom(`<content type="application/octet-stream">` + coded + `</content><title>Leek tart</title>`), "tLeek tart"},
	"Atom, a summary alone":              {atom(`<summary>Leek tart</summary>`), "sLeek tart"},
	"Atom, content elsewhere":            {atom(`<content src="https://k.example/a.mp3" type="audio/mpeg"/>`), "mhttps://k.example/a.mp3"},
	"Atom, a page elsewhere":             {atom(`<content src="https://k.example/1" type="text/html"/>`), "lhttps://k.example/1"},
	"Atom, an enclosure":                 {atom(`<link rel="enclosure" type="audio/mpeg" length="9" href="https://k.example/a.mp3"/>`), "mhttps://k.example/a.mp3"},
	"Atom, a related link alone":         {atom(`<link rel="related" href="https://k.example/1"/>`), "lhttps://k.example/1"},
	"Atom, a via link alone":             {atom(`<link rel="via" href="https://k.example/1"/>`), "lhttps://k.example/1"},
	"Atom, a link of its own kind":       {atom(`<link rel="http://k.example/rel" href="https://k.example/1"/>`), "lhttps://k.example/1"},
	"Atom, an id that is the link":       {atom(`<id>https://k.example/1</id>`), "lhttps://k.example/1"},
	"an Atom entry alone":                {`<entry xmlns="http://www.w3.org/2005/Atom"><title>Leek tart</title><link href="https://k.example/1"/></entry>`, "tLeek tart"},
	"Atom of no namespace":               {`<feed><entry><title>Leek tart</title></entry></feed>`, "tLeek tart"},
	"Atom within RSS":                    {`<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><a:entry><a:title>Leek tart</a:title></a:entry></channel></rss>`, "tLeek tart"},
	"JSON Feed 1":                        {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"Leek tart"}]}`, "tLeek tart"},
	"JSON Feed, a text alone":            {jsonFeed(`{"id":"1","content_text":"Leek tart"}`), "sLeek tart"},
	"JSON Feed, HTML":                    {jsonFeed(`{"id":1,"content_html":"<p>Leek tart</p>"}`), "sLeek tart"},
	"JSON Feed, an attachment":           {jsonFeed(`{"id":"1","attachments":[{"url":"https://k.example/a.mp3","mime_type":"audio/mpeg","duration_in_seconds":90}]}`), "mhttps://k.example/a.mp3"},
	"JSON Feed, another page":            {jsonFeed(`{"id":"1","external_url":"https://k.example/1"}`), "lhttps://k.example/1"},
	"JSON Feed, a picture":               {jsonFeed(`{"id":"1","banner_image":"https://k.example/a.jpg"}`), "mhttps://k.example/a.jpg"},
	"JSON Feed of wrong types":           {jsonFeed(`{"id":"1","title":"Leek tart","tags":"warm","authors":{"name":"x"}}`), "tLeek tart"},
	"JSON Feed with a mark in front":     {"\xEF\xBB\xBF" + jsonFeed(`{"id":"1","title":"Leek tart"}`), "tLeek tart"},
	"entities of HTML":                   {oneRSS(`<title>Leek&nbsp;&amp;&nbsp;caf&eacute;</title>`), "tLeek & café"},
	"entities without end":               {oneRSS(`<title>Leek &amp tart & more</title>`), "tLeek & tart & more"},
	"entities of nobody":                 {oneRSS(`<title>Leek &leek; tart</title>`), "tLeek &leek; tart"},
	"entities of the document":           {`<!DOCTYPE rss [<!ENTITY k "Leek tart">]><rss><channel><item><title>&k;</title></item></channel></rss>`, ""},
	"numbered entities":                  {oneRSS(`<title>Leek&#32;t&#x61;rt</title>`), "tLeek tart"},
	"numbered by windows":                {oneRSS(`<title>Leek&#146;s tart</title>`), "tLeek’s tart"},
	"escaped twice":                      {oneRSS(`<title>Leek &amp;amp; tart</title>`), "tLeek & tart"},
	"escaped thrice":                     {oneRSS(`<description>&amp;lt;p&amp;gt;Leek tart&amp;lt;/p&amp;gt;</description>`), "sLeek tart"},
	"CDATA":                              {oneRSS(`<title><![CDATA[Leek & tart]]></title>`), "tLeek & tart"},
	"CDATA in parts":                     {oneRSS(`<title><![CDATA[Leek]]> <![CDATA[tart]]></title>`), "tLeek tart"},
	"CDATA with its end in it":           {oneRSS(`<description><![CDATA[Leek ]]]]><![CDATA[> tart]]></description>`), "s"},
	"mixed content":                      {oneRSS(`<description>Leek <b>tart</b>, warm</description>`), "sLeek tart, warm"},
	"markup that is not escaped":         {oneRSS(`<description><p>Leek<br>tart</p></description>`), "sLeek"},
	"a bare ampersand in a link":         {oneRSS(`<link>https://k.example/?a=1&b=2</link>`), "lhttps://k.example/?a=1&b=2"},
	"a bare less-than":                   {oneRSS(`<title>Leek < tart</title>`), "tLeek < tart"},
	"an item that is not closed":         {`<rss><channel><item><title>Leek tart</title><item><title>Other</title></item></channel></rss>`, "tLeek tart"},
	"a title that is not closed":         {`<rss><channel><item><title>Leek tart<link>https://k.example/1</link></item></channel></rss>`, ""},
	"attributes without quotes":          {`<rss version=2.0><channel><item><enclosure url=https://k.example/a.mp3 type=audio/mpeg></enclosure></item></channel></rss>`, "mhttps://k.example/a.mp3"},
	"a comment in the midst":             {oneRSS(`<title>Leek<!-- no --> tart</title>`), "tLeek tart"},
	"an instruction of a stylesheet":     {`<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- hi --><rss><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"space before the declaration":       {"\n\n  " + oneRSS(`<title>Leek tart</title>`), "tLeek tart"},
	"a text behind the end":              {oneRSS(`<title>Leek tart</title>`) + "<!-- cached --> thanks", "tLeek tart"},
	"a version of XML that is not":       {strings.Replace(oneRSS(`<title>Leek tart</title>`), `1.0`, `1.1`, 1), "tLeek tart"},
	"an encoding that is not":            {`<?xml version="1.0" encoding="nonsense"?><rss><channel><item><title>Leek tärt</title></item></channel></rss>`, "tLeek tärt"},
	"UTF-16, said by nobody":             {wide("little", 2, `<?xml version="1.0"?><rss><channel><item><title>Leek tärt</title></item></channel></rss>`), "tLeek tärt"},
	"UTF-16 of the other end":            {"\xFE\xFF" + wide("big", 2, `<rss><channel><item><title>Leek tärt</title></item></channel></rss>`), "tLeek tärt"},
	"UTF-16 that begins with its root":   {wide("big", 2, `<rss><channel><item><title>Leek tärt</title></item></channel></rss>`), "tLeek tärt"},
	"UTF-32":                             {"\xFF\xFE\x00\x00" + wide("little", 4, `<rss><channel><item><title>Leek tärt</title></item></channel></rss>`), "tLeek tärt"},
	"UTF-32 of the other end":            {"\x00\x00\xFE\xFF" + wide("big", 4, `<rss><channel><item><title>Leek tärt</title></item></channel></rss>`), "tLeek tärt"},
	"UTF-32 without a mark":              {wide("big", 4, `<?xml version="1.0" encoding="UTF-32BE"?><rss><channel><item><title>Leek tärt</title></item></channel></rss>`), "tLeek tärt"},
	"UTF-7 that is ASCII":                {`<?xml version="1.0" encoding="utf-7"?><rss><channel><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"latin 1":                            {in(charmap.ISO8859_1.NewEncoder().String, "iso-8859-1", "Leek tärt"), "tLeek tärt"},
	"latin 9":                            {in(charmap.ISO8859_15.NewEncoder().String, "iso-8859-15", "Leek 3 €"), "tLeek 3 €"},
	"windows 1251":                       {in(charmap.Windows1251.NewEncoder().String, "windows-1251", "Пирог"), "tПирог"},
	"KOI8":                               {in(charmap.KOI8R.NewEncoder().String, "koi8-r", "Пирог"), "tПирог"},
	"code page 437":                      {in(charmap.CodePage437.NewEncoder().String, "cp437", "Leek tärt"), "tLeek tärt"},
	"code page 850":                      {in(charmap.CodePage850.NewEncoder().String, "IBM850", "Leek tärt"), "tLeek tärt"},
	"EBCDIC":                             {in(charmap.CodePage037.NewEncoder().String, "cp037", "Leek tart"), "tLeek tart"},
	"Mac":                                {in(charmap.Macintosh.NewEncoder().String, "macintosh", "Leek tärt"), "tLeek tärt"},
	"Shift JIS":                          {in(japanese.ShiftJIS.NewEncoder().String, "shift_jis", "葱のタルト"), "t葱のタルト"},
	"EUC-JP":                             {in(japanese.EUCJP.NewEncoder().String, "euc-jp", "葱のタルト"), "t葱のタルト"},
	"ISO 2022 JP":                        {in(japanese.ISO2022JP.NewEncoder().String, "iso-2022-jp", "葱のタルト"), "t葱のタルト"},
	"EUC-KR":                             {in(korean.EUCKR.NewEncoder().String, "euc-kr", "파이"), "t파이"},
	"GB 2312":                            {in(simplifiedchinese.GBK.NewEncoder().String, "gb2312", "韭葱挞"), "t韭葱挞"},
	"GB 18030":                           {in(simplifiedchinese.GB18030.NewEncoder().String, "gb18030", "韭葱挞"), "t韭葱挞"},
	"Big5":                               {in(traditionalchinese.Big5.NewEncoder().String, "big5", "韭蔥"), "t韭蔥"},
	"a BOM beside another claim":         {"\xEF\xBB\xBF" + `<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Leek tärt</title></item></channel></rss>`, "tLeek tärt"},
	"UTF-8 that claims latin 1":          {`<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Leek tärt</title></item></channel></rss>`, "tLeek tärt"},
	"NULs":                               {oneRSS("<title>Leek\x00 tart</title>"), "tLeek tart"},
	"control characters":                 {oneRSS("<title>Leek\x08\x0b tart</title>"), "tLeek tart"},
	"controls by number":                 {oneRSS("<title>Leek&#0;&#8; tart</title>"), "t"},
	"georss":                             {oneRSS(`<title>Leek tart</title><georss:point xmlns:georss="http://www.georss.org/georss">45.2 -71.9</georss:point>`), "tLeek tart"},
	"gml within georss":                  {oneRSS(`<title>Leek tart</title><georss:where xmlns:georss="http://www.georss.org/georss"><gml:Point xmlns:gml="http://www.opengis.net/gml"><gml:pos>1 2</gml:pos></gml:Point></georss:where>`), "tLeek tart"},
	"slash, wfw and trackback":           {oneRSS(`<title>Leek tart</title><slash:comments xmlns:slash="http://purl.org/rss/1.0/modules/slash/">3</slash:comments><wfw:commentRss xmlns:wfw="http://wellformedweb.org/CommentAPI/">https://k.example/c</wfw:commentRss>`), "tLeek tart"},
	"a category alone beside a link":     {oneRSS(`<category domain="d">warm</category><link>https://k.example/1</link>`), "lhttps://k.example/1"},
	"an image in an item":                {oneRSS(`<image><url>https://k.example/a.jpg</url></image>`), "mhttps://k.example/a.jpg"},
	"a picture in a text":                {oneRSS(`<description>&lt;img src="/a.jpg"&gt;</description>`), "mhttps://k.example/a.jpg"},
	"an item within an item's text":      {oneRSS(`<title>Leek tart</title><description>&lt;item&gt;&lt;title&gt;x&lt;/title&gt;&lt;/item&gt;</description>`), "tLeek tart"},
	"two titles":                         {oneRSS(`<title>Leek tart</title><media:title xmlns:media="http://search.yahoo.com/mrss/">Other</media:title>`), "tLeek tart"},
	"two titles, the other way round":    {oneRSS(`<media:title xmlns:media="http://search.yahoo.com/mrss/">Other</media:title><title>Leek tart</title>`), "tLeek tart"},
	"an empty item beside a full one":    {`<rss><channel><item/><item></item><item><title>Leek tart</title></item></channel></rss>`, "tLeek tart"},
	"a channel in a channel":             {`<rss><channel><channel><item><title>Leek tart</title></item></channel></channel></rss>`, "tLeek tart"},
	"items in an element items":          {`<rss><channel><items><item><title>Leek tart</title></item></items></channel></rss>`, "tLeek tart"},
	"a feed in a SOAP envelope":          {`<?xml version="1.0"?><Envelope><Body><rss><channel><item><title>Leek tart</title></item></channel></rss></Body></Envelope>`, "tLeek tart"},
	"a feed in HTML's pre":               {`<?xml version="1.0"?><rss><channel><item><title>Leek tart</title></item></channel></rss></body></html>`, "tLeek tart"},
	"a warning of a program before it":   {"<br />\n<b>Notice</b>: Undefined index in <b>/a.php</b><br />\n" + oneRSS(`<title>Leek tart</title>`), "tLeek tart"},
	"a long comment before it":           {"<!--" + strings.Repeat("x", 20_000) + "-->" + oneRSS(`<title>Leek tart</title>`), "tLeek tart"},
}

func TestWhatHoldsSomethingGivesItems(t *testing.T) {
	all := collection
	if len(all) < 120 {
		t.Errorf("there are %d documents", len(all))
	}
	for name, o := range all {
		t.Run(name, func(t *testing.T) {
			s, err := saved(t, "", []byte(o.doc)).Fetch(t.Context(), "feed", nil)
			if err != nil || len(s.Items) == 0 {
				t.Fatalf("%d items, %v\n%.200s", len(s.Items), err, o.doc)
			}
			sourcetest.Inspect(t, s.Items)
			it := s.Items[0]
			got := map[byte]string{'t': it.Title, 's': it.Summary + "\n" + it.Body, 'l': it.Link}
			for _, m := range it.Media {
				got['m'] += m.URL + " "
			}
			if len(o.want) > 1 && !strings.Contains(got[o.want[0]], o.want[1:]) {
				t.Errorf("%c is %q; want %q\n%.400s", o.want[0], got[o.want[0]], o.want[1:], o.doc)
			}
		})
	}
	runtime.GC()
	runtime.GC() // what is in pools goes at the second time
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	const most = 64 << 20
	if m.HeapInuse > most {
		t.Errorf("they leave %d bytes", m.HeapInuse)
	}
}
