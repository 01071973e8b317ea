package table

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/sources"
	"keypull/sources/shape"
)

// fewestPrices is how many lines with a price make a list of prices.
const fewestPrices = 3

// priceColumn names the prices of a list, which are told by the word of the language.
const priceColumn = "price"

// readPriceList reads a list, or what stands below each other in paragraphs or boxes, whose lines
// are names with their prices: "Haircut – 25 €". False for others: most of what is listed is no table.
// One that is short, or names half of its prices otherwise, is one beside others alone.
func readPriceList(first *html.Node, name string) (t pageTable, ok bool) {
	var lines [][]string
	prose, pairs := first.DataAtom == atom.P, isPaired(first)
	priced, behind := 0, 0
	for _, text := range sources.ListLines(first) {
		called, price, is := shape.CutPrice(text)
		if is {
			priced, behind = priced+1, 0
		} else {
			called, price, _ = strings.Cut(text, ":") // "Children: free"
			behind++
		}
		if priced > 0 || !prose {
			lines = append(lines, []string{strings.TrimSpace(called), strings.TrimSpace(price)})
		}
	}
	if prose && priced > 0 { // what stands before and behind is another text
		lines = lines[:len(lines)-behind]
	}
	for i, cells := range lines {
		t.addLine(line{i + 1, cells})
	}
	t.prices, t.name, t.head = true, name, []string{headlessKey, priceColumn}
	half := priced*2 >= len(lines)
	t.short = priced < fewestPrices || !half || !pairs && priced*4 < len(lines)*3 // in pairs a name stands by itself: "Members: free"
	return t, priced >= fewestRows && half
}

// isPaired reports whether an element says things side by side.
func isPaired(n *html.Node) bool { return n.DataAtom == atom.Dl || n.DataAtom == atom.Div }
