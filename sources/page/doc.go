// Package page is the source kind for web pages: their parts by CSS selectors,
// as many items as fit one, or the one thing that a page is about, by what it
// tells machines (JSON-LD, microdata, Open Graph), else by what of it reads like
// an article. What robots.txt keeps from programs is not asked for.
package page
