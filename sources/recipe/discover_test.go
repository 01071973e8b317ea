package recipe_test

import (
	"keypull/sources"
	"keypull/sources/sourcetest"
)

// discovered returns the documents of the suite.
func discovered(page []byte) []sourcetest.Discovered {
	doc := func(address, body string) sources.Document {
		return sources.Document{Address: address, URL: address, Body: []byte(body)}
	}
	const site, list = "https://kitchen.example/tiramisu", "https://kitchen.example/sitemap.xml"
	return []sourcetest.Discovered{
		{Name: "a recipe", Document: doc(site, string(page)), Settings: values{"urls": []any{site}}},
		{
			Name:     "a sitemap",
			Document: doc(list, `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://kitchen.example/a</loc></url></urlset>`),
			Settings: values{"sitemap": list},
		},
		{Name: "a page without recipes", Document: doc(site, "<html><body>Welcome</body></html>")},
		{Name: "a feed", Document: doc(site, "<rss><channel><title>x</title></channel></rss>")},
	}
}
