package newsfeed

import "strings"

// isOfPrice says whether an element may say that an item is not free.
func isOfPrice(word string) bool { return priceKinds[squeezeName(word)] != 0 }

// priceKind is how an element says that an item is not free.
type priceKind uint8

const (
	_ priceKind = iota
	saysFree
	saysPaid
	saysAccess
	saysPrice
)

var priceKinds = map[string]priceKind{
	"isaccessibleforfree": saysFree, "accessibleforfree": saysFree, "isfree": saysFree, "free": saysFree,
	"premium": saysPaid, "ispremium": saysPaid, "paywall": saysPaid, "ispaywalled": saysPaid, "paywalled": saysPaid, "ispaid": saysPaid,
	"paid": saysPaid, "subscriberonly": saysPaid, "subscribersonly": saysPaid, "plus": saysPaid, "isplus": saysPaid,
	"access": saysAccess, "accessrights": saysAccess, "accesslevel": saysAccess, "accessibility": saysAccess, "contenttier": saysAccess,
	"restriction": saysAccess, "price": saysPrice,
}

// isPaid says whether an element of that name, in whatever module, with that
// text says that an item is for subscribers.
func isPaid(called, text string, attr func(...string) string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	text = text[strings.LastIndexAny(text, "/#")+1:]
	switch priceKinds[squeezeName(called)] {
	case saysFree:
		return text == "false" || text == "no" || text == "0"
	case saysPaid:
		return text == "true" || text == "yes" || text == "1" || text == "locked" || text == ""
	case saysAccess:
		switch text {
		case "subscription", "subscriber", "subscribers", "registration", "paid", "premium", "paywall", "restricted", "restrictedaccess",
			"metered", "locked", "plus", "closed", "c_16ec", "c_abf2":
			return true
		}
	case saysPrice:
		kind := strings.ToLower(attr("type"))
		return kind == "subscription" || kind == "package" || strings.Trim(attr("price"), "0., ") != ""
	}
	return false
}

// nameMarks part the words of a name.
var nameMarks = strings.NewReplacer("_", "", "-", "", ".", "")

// squeezeName returns a name in small letters without "_", "-" and ".".
func squeezeName(called string) string { return strings.ToLower(nameMarks.Replace(called)) }
