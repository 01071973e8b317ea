package feed

import "keypull/pull/settings"

// translations are what the kind says to editors in other languages than English.
//
//nolint:gosec // labels of secrets, none of them one
var translations = settings.Words{
	"fr": {
		"title":       "Fil d'actualités",
		"help":        "Les articles les plus récents d'un flux RSS, Atom ou JSON ; les mots ajoutés au mot-clé servent à y chercher.",
		"url.label":   "Adresse",
		"url.help":    "L'adresse du flux.",
		"items.label": "Articles",
		"items.help":  "Combien d'articles récents sont gardés pour répondre.",

		"push_secret.label": "Secret des notifications",
		"push_secret.help":  "Permet à vos propres systèmes de signaler changements et retraits à /in/<éditeur>/<source>, signés selon Standard Webhooks. Sans valeur : personne ne le peut.",
		"hub_secret.label":  "Secret du hub",
		"hub_secret.help":   "Ce avec quoi un hub WebSub signe ses avis, tel qu'il lui a été donné à l'abonnement. Sans valeur : aucun hub ne le peut.",
	},
	"de": {
		"title":       "Nachrichten-Feed",
		"help":        "Die neuesten Artikel eines RSS-, Atom- oder JSON-Feeds; Wörter neben dem Stichwort suchen darin.",
		"url.label":   "Adresse",
		"url.help":    "Die Adresse des Feeds.",
		"items.label": "Artikel",
		"items.help":  "Wie viele der neuesten Artikel für Antworten vorgehalten werden.",

		"push_secret.label": "Geheimnis für Meldungen",
		"push_secret.help":  "Damit melden Ihre eigenen Systeme Änderungen und Rücknahmen an /in/<Verlag>/<Quelle>, signiert nach Standard Webhooks. Nicht gesetzt: niemand darf das.",
		"hub_secret.label":  "Geheimnis des Hubs",
		"hub_secret.help":   "Womit ein WebSub-Hub seine Meldungen signiert, so wie es ihm beim Abonnieren genannt wurde. Nicht gesetzt: kein Hub darf das.",
	},
}
