package pages

// Places returns the names of the main navigation in its order; each is a word
// "nav.<name>" and an icon.
func Places() []string {
	return []string{"today", "sources", "keywords", "channels", "demand", "readers", "people", "audit", "settings"}
}

// KeyOf returns the key of a place, the same in all languages, so that who has learnt
// it keeps it; "" for a place that has none.
func KeyOf(place string) string {
	return map[string]string{
		"today": "t", "sources": "s", "keywords": "k", "channels": "c", "demand": "d", "readers": "r", "people": "p",
		"audit": "l", "settings": "e", "publishers": "h", "installation": "i",
	}[place]
}

// Nav returns the main navigation below base, such as "/console/lecker": current is
// the name of the place that is shown. Places that may leaves out are left out.
func Nav(language, base, current string, may func(place string) bool) []NavItem {
	icons := map[string]string{"sources": "source", "keywords": "keyword", "channels": "channel", "demand": "search", "readers": "phone"}
	var items []NavItem
	for _, name := range Places() {
		if may != nil && !may(name) {
			continue
		}
		item := NavItem{Label: T(language, "nav."+name), Icon: name, Href: base + "/" + name, Key: KeyOf(name), Current: name == current}
		if icon, ok := icons[name]; ok {
			item.Icon = icon
		}
		items = append(items, item)
	}
	return items
}
