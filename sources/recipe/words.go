package recipe

import "keypull/pull/settings"

// translations are what the kind says to editors in other languages than English.
var translations = settings.Words{
	"fr": {
		"title":         "Recettes",
		"help":          "Des recettes par leur nom, tirées de pages web avec des données schema.org, ou de fichiers.",
		"urls.label":    "Pages",
		"urls.help":     "Les adresses des pages de recettes.",
		"sitemap.label": "Plan du site",
		"sitemap.help":  "Un plan de site (sitemap), ou un index de plans, qui liste les pages de recettes.",
		"folder.label":  "Dossier",
		"folder.help":   "Un dossier de fichiers .html, .json ou .jsonld.",
		"problem." + exactlyOne: "Indiquez soit des pages, soit un plan du site, soit un dossier, " +
			"et un seul des trois.",
	},
	"de": {
		"title":                 "Rezepte",
		"help":                  "Rezepte nach Namen, aus Webseiten mit schema.org-Daten oder aus Dateien.",
		"urls.label":            "Seiten",
		"urls.help":             "Die Adressen der Rezeptseiten.",
		"sitemap.label":         "Sitemap",
		"sitemap.help":          "Eine Sitemap oder ein Verzeichnis von Sitemaps, das die Rezeptseiten auflistet.",
		"folder.label":          "Ordner",
		"folder.help":           "Ein Ordner mit .html-, .json- oder .jsonld-Dateien.",
		"problem." + exactlyOne: "Geben Sie entweder Seiten, eine Sitemap oder einen Ordner an, und nur eines davon.",
	},
}
