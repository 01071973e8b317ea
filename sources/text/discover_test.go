package text_test

import (
	"reflect"
	"strings"
	"testing"

	"keypull/sources"
	"keypull/sources/text"
)

// TestWaysToReachAnOutletAreFound looks at what pages tell of who is behind them.
func TestWaysToReachAnOutletAreFound(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"shown below a heading": {`{}</script><h1>Contact us</h1><div><p>Mill Lane<br>Thornley</p><p>Phone 01555 010203</p></div><p>` + strings.Repeat("How it all began. ", 9) + `</p><script>`,
			"Mill Lane\nThornley\nPhone 01555 010203"},
		"shown below several headings": {`{}</script><h3>Our address</h3><p>Mill Lane<br>Thornley</p><h3>Contacting us</h3><p>Phone 01555 010203</p><h3>Fares</h3><p>9 €</p><script>`,
			"Mill Lane\nThornley\nPhone 01555 010203"},
		"a heading without a way to reach": {`{}</script><h1>Contact</h1><p>Write to us.</p><p>We answer.</p><script>`, ""},
		"a number below another heading":   {`{}</script><h1>Records</h1><p>First</p><p>01555 010203</p><script>`, ""},
		"a paper": {`{"@type":"NewsMediaOrganization","name":"La Voz","telephone":"+34 91 555 01 01","email":"mailto:hola@lavoz.example",
			"address":{"streetAddress":"Calle Mayor 1","postalCode":"28013","addressLocality":"Madrid"}}`,
			"Calle Mayor 1, 28013 Madrid\n+34 91 555 01 01\nhola@lavoz.example"},
		"by contact points": {`{"@graph":[{"@type":["Organization"],"contactPoint":[{"telephone":"1"},{"email":"a@b.example"}]}]}`, "1\na@b.example"},
		"a hall for sports": {`{"@type":"SportsActivityLocation","telephone":"+44 1632 960123","address":{"streetAddress":"2 Mill Lane","addressLocality":"Riverbend"}}`,
			"2 Mill Lane, Riverbend\n+44 1632 960123"},
		"a place that is a business":               {`{"@type":["Place","Bakery"],"telephone":"1","address":"Mill Lane"}`, "Mill Lane\n1"},
		"where an event takes place":               {`{"@type":"MusicEvent","location":{"@type":"Place","telephone":"1","address":"Mill Lane"}}`, ""},
		"in one line":                              {`{}</script><h1>Contact</h1><p>2 Mill Lane, Riverbend. Telephone 01632 960123.</p><script>`, "2 Mill Lane, Riverbend. Telephone 01632 960123."},
		"a name alone":                             {`{"@type":"Organization","name":"La Voz"}`, ""},
		"an author, who is no outlet":              {`{"@type":"Person","name":"Ada","email":"ada@lavoz.example","telephone":"1"}`, ""},
		"values of other types than one would say": {`{"@type":"Organization","telephone":{"x":1},"email":5,"address":[["x"]]}`, ""},
	} {
		found := (&text.Settings{}).Discover(sources.Document{
			Address: "https://lavoz.example/", URL: "https://lavoz.example/", Type: "text/html", Body: []byte(`<html><script type="application/ld+json">` + c.data + `</script>`),
		})
		got := ""
		if len(found) > 0 {
			answers, _ := found[0].Settings["answers"].([]any)
			answer, _ := answers[0].(map[string]any)
			got, _ = answer["text"].(string)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %q; want %q", name, got, c.want)
		}
	}
}
