package archive_test

import (
	"keypull/sources"
	"keypull/sources/sourcetest"
)

func discovered() []sourcetest.Discovered {
	const address = "https://courier.example.org/sitemap.xml"
	return []sourcetest.Discovered{
		{
			Name: "a sitemap", Settings: map[string]any{"sitemap": address},
			Document: sources.Document{Address: address, URL: address, Type: "application/xml", Body: []byte(
				`<?xml version="1.0"?><urlset><url><loc>https://courier.example.org/a</loc><lastmod>2026-03-02</lastmod></url></urlset>`)},
		},
		{
			Name: "an index of sitemaps", Settings: map[string]any{"sitemap": address},
			Document: sources.Document{Address: address, URL: address, Type: "application/xml", Body: []byte(
				`<sitemapindex><sitemap><loc>https://courier.example.org/1.xml</loc></sitemap></sitemapindex>`)},
		},
	}
}
