package newsfeed

import (
	_ "embed"
	"strings"

	"keypull/pull/what/textform"
)

// isOfPrice says whether an element may say that an item is not free.
func isOfPrice(word string) bool { return priceKinds[squeezeName(word)] != "" }

//go:embed paid.txt
var paidTable string

var (
	priceKinds = textform.ByWord(paidTable, "elements")
	paidWords  = textform.Sets(paidTable)
)

// isPaid says whether an element of that name, in whatever module, with that
// text says that an item is for subscribers.
func isPaid(called, text string, attr func(...string) string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	text = text[strings.LastIndexAny(text, "/#")+1:]
	switch kind := priceKinds[squeezeName(called)]; kind {
	case "":
		return false
	case "price":
		of := strings.ToLower(attr("type"))
		return of == "subscription" || of == "package" || strings.Trim(attr("price"), "0., ") != ""
	default:
		return paidWords[kind][text] || kind == "paid" && text == ""
	}
}

// nameMarks part the words of a name.
var nameMarks = strings.NewReplacer("_", "", "-", "", ".", "")

// squeezeName returns a name in small letters without "_", "-" and ".".
func squeezeName(called string) string { return strings.ToLower(nameMarks.Replace(called)) }
