package maintext_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"keypull/sources/maintext"
)

// TestAPageThatIsNoArticleIsToldPieceByPiece reads pages of rows, lists and addresses: * is a heading.
func TestAPageThatIsNoArticleIsToldPieceByPiece(t *testing.T) {
	for body, want := range map[string][]string{
		`<nav><a href="/">Home</a></nav><h1>Ovens</h1><table><tr><th>Gas mark</th><th>°C</th></tr><tr><td>6</td><td>200</td></tr></table>`: {"Gas mark, °C", "Gas mark 6, °C: 200"},
		`<table><tr><th>Day</th><th>Opens</th></tr><tr><td>Wednesday</td><td>closed</td></tr></table><p>Last entry at four.</p>`:           {"Day, Opens", "Wednesday, Opens: closed", "Last entry at four."},
		`<h2>Saturday</h2><ul><li>Orbit v Comet, 14:00</li><li>Comet v Star<br>Referee: Ann</li></ul>`:                                     {"*Saturday", "Orbit v Comet, 14:00", "Comet v Star Referee: Ann"},
		`<p>Stroud: Saturday, 9am<br>Bath: Sunday, 10am</p><p>Boxing club<br>Meets: Monday</p>`:                                            {"Stroud: Saturday, 9am", "Bath: Sunday, 10am", "Boxing club Meets: Monday"},
		`<table><tr><td><a href="/a">Ovens</a><br><a href="/b">Eggs</a><br><a href="/c">Meat</a></td><td>Open daily.</td></tr></table>`:    {"Open daily."},
		`<p>Open daily.</p><div hidden>Draft</div><div style="display: none">Old</div><div class="comments">First!</div>`:                  {"Open daily."},
	} {
		root, err := html.Parse(strings.NewReader("<html><body>" + body + "</body></html>"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range maintext.Whole(root) {
			if p.Heading {
				p.Text = "*" + p.Text
			}
			got = append(got, p.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\ntells %q\nwant  %q", body, got, want)
		}
	}
}
