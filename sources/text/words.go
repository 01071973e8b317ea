package text

import "keypull/pull/settings"

// translations are what the kind says to editors in other languages than English.
//
//nolint:misspell // French
var translations = settings.Words{
	"fr": {
		"title":                     "Réponses rédigées",
		"help":                      "Des réponses écrites ici, chacune valable le temps voulu ; celles qui valent en même temps alternent chaque minute.",
		"answers.label":             "Réponses",
		"answers.help":              "Les réponses ; celles qui ont un début ou une fin passent avant celles qui valent toujours.",
		"answers.text.label":        "Texte",
		"answers.text.help":         "Ce que les lecteurs reçoivent ; une ligne vide sépare les paragraphes.",
		"answers.title.label":       "Titre",
		"answers.title.help":        "Sa première ligne, et un nom pour la demander.",
		"answers.link.label":        "Lien",
		"answers.link.help":         "Une page qui en dit plus.",
		"answers.from.label":        "Début",
		"answers.from.help":         "Pas avant ce moment.",
		"answers.until.label":       "Fin",
		"answers.until.help":        "Pas après ce moment.",
		"problem." + endsBeforeFrom: "Cette réponse finit avant de commencer ; placez la fin après le début.",
	},
	"de": {
		"title":                     "Geschriebene Antworten",
		"help":                      "Antworten, die hier stehen, jede so lange sie gilt; gelten mehrere zugleich, wechseln sie sich jede Minute ab.",
		"answers.label":             "Antworten",
		"answers.help":              "Die Antworten; solche mit Beginn oder Ende gehen denen vor, die immer gelten.",
		"answers.text.label":        "Text",
		"answers.text.help":         "Was Leser bekommen; eine leere Zeile trennt Absätze.",
		"answers.title.label":       "Titel",
		"answers.title.help":        "Die erste Zeile, und ein Name, unter dem man danach fragen kann.",
		"answers.link.label":        "Link",
		"answers.link.help":         "Eine Seite, die mehr sagt.",
		"answers.from.label":        "Beginn",
		"answers.from.help":         "Nicht vor diesem Zeitpunkt.",
		"answers.until.label":       "Ende",
		"answers.until.help":        "Nicht nach diesem Zeitpunkt.",
		"problem." + endsBeforeFrom: "Diese Antwort endet, bevor sie beginnt; legen Sie das Ende hinter den Beginn.",
	},
}
