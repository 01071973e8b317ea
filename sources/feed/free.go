package feed

import (
	"encoding/json"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"keypull/pull/what"
	"keypull/sources"
)

// Facts of what an item may be shown with.
const (
	// factPaywall is "subscription" where a page is not free to read.
	factPaywall = "paywall"
	// factCredit is whose pictures are shown.
	factCredit = "credit"
)

const (
	paid        = "subscription"
	maxCredits  = 5
	maxCredited = 200
)

// isPaid says whether an element of that name, in whatever module, with that
// text says that an item is for subscribers.
func isPaid(called, text string, attrs map[string]string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	text = text[strings.LastIndexAny(text, "/#")+1:]
	says := text == "false" || text == "no" || text == "0"
	affirms := text == "true" || text == "yes" || text == "1" || text == "locked" || text == ""
	switch squeezeName(called) {
	case "isaccessibleforfree", "accessibleforfree", "isfree", "free":
		return says
	case "premium", "ispremium", "paywall", "ispaywalled", "paywalled", "ispaid", "paid", "subscriberonly", "subscribersonly", "plus", "isplus":
		return affirms
	case "access", "accessrights", "accesslevel", "accessibility", "contenttier", "restriction":
		switch text {
		case "subscription", "subscriber", "subscribers", "registration", "paid", "premium", "paywall", "restricted", "restrictedaccess",
			"metered", "locked", "plus", "closed", "c_16ec", "c_abf2":
			return true
		}
	case "price":
		kind := strings.ToLower(attrs["type"])
		price := strings.Trim(attrs["price"], "0., ")
		return kind == "subscription" || kind == "package" || price != ""
	}
	return false
}

// squeezeName returns a name in small letters without "_", "-" and ".".
func squeezeName(called string) string {
	if strings.ContainsAny(called, "_-.") {
		called = unparted.Replace(called)
	}
	return strings.ToLower(called)
}

var unparted = strings.NewReplacer("_", "", "-", "", ".", "")

// isPaid says whether the item says so by any of its elements.
func (e entry) isPaid() bool {
	for called, text := range e.raw.Custom {
		if isPaid(called, text, nil) {
			return true
		}
	}
	for _, module := range e.raw.Extensions {
		for called, all := range module {
			for _, x := range all {
				if isPaid(called, x.Value, x.Attrs) {
					return true
				}
			}
		}
	}
	return e.bases.paid
}

// credit is whose pictures an item shows: by Media RSS, of the first medium, or
// of the item.
func (e entry) credit() string {
	var found []string
	add := func(all []ext.Extension) {
		for _, x := range all {
			text := sources.Shorten(sources.Line(x.Value), maxCredited)
			if len(found) < maxCredits {
				found = appendNew(found, text)
			}
		}
	}
	media := e.raw.Extensions["media"]
	contents := media["content"]
	for _, group := range media["group"] {
		contents = append(contents[:len(contents):len(contents)], group.Children["content"]...)
		add(group.Children["credit"])
	}
	for _, c := range contents {
		if len(found) == 0 {
			add(c.Children["credit"])
		}
	}
	for _, t := range media["thumbnail"] {
		add(t.Children["credit"])
	}
	if add(media["credit"]); len(found) > 0 {
		return strings.Join(found, ", ")
	}
	for _, c := range contents {
		if len(found) == 0 {
			add(c.Children["copyright"])
		}
	}
	add(media["copyright"])
	return strings.Join(found, ", ")
}

// shownFacts returns the facts that an item is shown with.
func (e entry) shownFacts() (facts what.Facts) {
	if e.isPaid() {
		facts = append(facts, what.Fact{Name: factPaywall, Text: paid})
	}
	if credit := e.credit(); credit != "" {
		facts = append(facts, what.Fact{Name: factCredit, Text: credit})
	}
	return facts
}

// besideJSON is what the parser does not tell of the items of a JSON feed.
func besideJSON(text []byte, all []itemBases) {
	var raw struct {
		Items []map[string]json.RawMessage `json:"items"`
	}
	lower := strings.ToLower(string(text))
	if !strings.Contains(lower, "free") && !strings.Contains(lower, "paywall") && !strings.Contains(lower, "premium") && !strings.Contains(lower, `"access`) ||
		json.Unmarshal(text, &raw) != nil || len(raw.Items) != len(all) {
		return
	}
	for i, it := range raw.Items {
		for called, value := range it {
			all[i].paid = all[i].paid || paidJSON(called, value, 0)
		}
	}
}

// paidJSON looks at a member of an item, and into extensions of it.
func paidJSON(called string, value json.RawMessage, depth int) bool {
	var inner map[string]json.RawMessage
	if strings.HasPrefix(called, "_") && depth < 2 && json.Unmarshal(value, &inner) == nil {
		for name, v := range inner {
			if paidJSON(name, v, depth+1) {
				return true
			}
		}
	}
	text := strings.Trim(string(value), `"`)
	return len(text) < 200 && text != "" && text != "null" && isPaid(called, text, nil)
}
