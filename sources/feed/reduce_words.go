package feed

// isLong says whether an element holds a text rather than a few words.
func isLong(word string) bool {
	switch word {
	case "description", "encoded", "content", "summary", "abstract", "fullitem", "body", "div":
		return true
	}
	return false
}

// isOfFeed says whether something is read of an element of a feed itself.
func isOfFeed(word string) bool {
	switch word {
	case "title", "link", "language", "pubdate", "lastbuilddate", "date", "updated", "modified",
		"ttl", "skiphours", "skipdays", "updateperiod", "updatefrequency":
		return true
	}
	return false
}

// isOfItem says whether something is read of an element of an item.
func isOfItem(word string) bool {
	switch word {
	case "title", "link", "guid", "id", "description", "encoded", "content", "summary", "subtitle",
		"pubdate", "date", "published", "issued", "created", "updated", "modified",
		"author", "creator", "category", "subject", "keywords", "enclosure", "image", "thumbnail", "group", "duration", "language",
		"credit", "copyright", "price", "abstract", "fullitem", "body", "div", "origlink", "comments", "player":
		return true
	}
	return isOfPrice(word)
}

// isOfPrice says whether an element may say that an item is not free.
func isOfPrice(word string) bool {
	switch squeezeName(word) {
	case "isaccessibleforfree", "accessibleforfree", "isfree", "free", "premium", "ispremium", "paywall", "ispaywalled", "paywalled",
		"ispaid", "paid", "subscriberonly", "subscribersonly", "plus", "isplus", "access", "accessrights", "accesslevel",
		"accessibility", "contenttier":
		return true
	}
	return false
}
