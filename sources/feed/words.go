package feed

import "keypull/pull/settings"

// translations are what the kind says to editors in other languages than English.
var translations = settings.Words{
	"fr": {
		"title":       "Fil d'actualités",
		"help":        "Les articles les plus récents d'un flux RSS, Atom ou JSON ; les mots ajoutés au mot-clé servent à y chercher.",
		"url.label":   "Adresse",
		"url.help":    "L'adresse du flux.",
		"items.label": "Articles",
		"items.help":  "Combien d'articles récents sont gardés pour répondre.",
	},
	"de": {
		"title":       "Nachrichten-Feed",
		"help":        "Die neuesten Artikel eines RSS-, Atom- oder JSON-Feeds; Wörter neben dem Stichwort suchen darin.",
		"url.label":   "Adresse",
		"url.help":    "Die Adresse des Feeds.",
		"items.label": "Artikel",
		"items.help":  "Wie viele der neuesten Artikel für Antworten vorgehalten werden.",
	},
}
