package pages

// NavNames returns the names of the main navigation in its order; each is a word
// "nav.<name>" and an icon.
func NavNames() []string {
	return []string{"today", "sources", "keywords", "channels", "demand", "figures", "conversations", "readers", "people", "audit", "settings"}
}

// NavKey returns the key of a place, the same in all languages, so that who has learnt
// it keeps it; "" for a place that has none.
func NavKey(place string) string {
	return map[string]string{
		"today": "t", "sources": "s", "keywords": "k", "channels": "c", "demand": "d", "figures": "f", "conversations": "v", "readers": "r", "people": "p",
		"audit": "l", "settings": "e", "publishers": "h", "installation": "i",
	}[place]
}

// Nav returns the main navigation below base, such as "/console/lecker": current is
// the name of the place that is shown. Places that may leaves out are left out.
func Nav(language, base, current string, may func(place string) bool) []NavItem {
	icons := map[string]string{"sources": "source", "keywords": "keyword", "channels": "channel", "demand": "search", "figures": "chart", "readers": "phone", "conversations": "talk"}
	var items []NavItem
	for _, name := range NavNames() {
		if may != nil && !may(name) {
			continue
		}
		item := NavItem{Label: T(language, "nav."+name), Icon: name, Href: base + "/" + name, Key: NavKey(name), Current: name == current}
		if icon, ok := icons[name]; ok {
			item.Icon = icon
		}
		items = append(items, item)
	}
	return items
}
