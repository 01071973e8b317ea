package webchat

import "keypull/pull/settings"

// translations are what the kind says to editors in other languages than English.
//
//nolint:misspell // French
var translations = settings.Words{
	"en": {
		"theme.choice.auto":  "As the device prefers",
		"theme.choice.light": "Light",
		"theme.choice.dark":  "Dark",
	},
	"fr": {
		"title":                 "Chat web",
		"help":                  "Un chat sur vos propres pages : une balise script, aucun compte nulle part.",
		"origins.label":         "Sites qui l'intègrent",
		"origins.help":          "Les origines exactes des pages d'autres sites qui peuvent montrer le chat, par exemple https://www.example.org. Sa propre page le peut toujours.",
		"theme.label":           "Apparence",
		"theme.help":            "Automatique suit la préférence de l'appareil du lecteur.",
		"theme.choice.auto":     "Automatique",
		"theme.choice.light":    "Clair",
		"theme.choice.dark":     "Sombre",
		"title.label":           "Titre",
		"title.help":            "Affiché au-dessus du chat. Vide : le nom du média.",
		"consent.label":         "Consentement",
		"consent.help":          "Ce que les lecteurs doivent accepter avant que quoi que ce soit soit retenu d'eux. Vide si aucun consentement n'est nécessaire : le chat dure alors autant que l'onglet.",
		"budget.label":          "Budget d'une adresse",
		"budget.help":           "Ce qu'une adresse peut demander au chat, pour qu'une rafale venue de là ne coûte rien aux autres lecteurs. Un réseau IPv6 de 64 bits est une adresse.",
		"budget.asks.label":     "Messages",
		"budget.asks.help":      "Combien de messages par minute ; 0 : autant qu'il en vient.",
		"budget.sessions.label": "Nouveaux lecteurs",
		"budget.sessions.help":  "Combien de lecteurs par minute qui commencent ; 0 : autant qu'il en vient.",
		"budget.streams.label":  "Discussions ouvertes",
		"budget.streams.help":   "Combien de discussions peuvent attendre des réponses tardives à la fois ; 0 : autant qu'il en vient.",
		"problem." + oddOrigin:  "Écrivez chaque origine avec https:// et le nom du site en minuscules, sans chemin ni barre finale, par exemple https://www.example.org.",
	},
	"de": {
		"title":                 "Webchat",
		"help":                  "Ein Chat auf Ihren eigenen Seiten: ein Script-Tag, nirgends ein Konto.",
		"origins.label":         "Einbettende Websites",
		"origins.help":          "Die genauen Ursprünge fremder Seiten, die den Chat zeigen dürfen, etwa https://www.example.org. Die eigene Seite darf es immer.",
		"theme.label":           "Erscheinungsbild",
		"theme.help":            "Automatisch folgt dem, was auf dem Gerät eingestellt ist.",
		"theme.choice.auto":     "Automatisch",
		"theme.choice.light":    "Hell",
		"theme.choice.dark":     "Dunkel",
		"title.label":           "Titel",
		"title.help":            "Steht über dem Chat. Leer: der Name des Mediums.",
		"consent.label":         "Einwilligung",
		"consent.help":          "Wozu Leser Ja sagen müssen, bevor etwas über sie gespeichert wird. Leer, wo keine Einwilligung nötig ist: Dann währt der Chat so lange wie der Tab.",
		"budget.label":          "Budget einer Adresse",
		"budget.help":           "Was eine Adresse vom Chat verlangen kann, damit ein Ansturm von dort keinen anderen Leser etwas kostet. Ein IPv6-Netz von 64 Bit ist eine Adresse.",
		"budget.asks.label":     "Nachrichten",
		"budget.asks.help":      "Wie viele Nachrichten je Minute; 0: so viele wie kommen.",
		"budget.sessions.label": "Neue Leser",
		"budget.sessions.help":  "Wie viele Leser je Minute, die neu beginnen; 0: so viele wie kommen.",
		"budget.streams.label":  "Offene Chats",
		"budget.streams.help":   "Wie viele Chats zugleich auf spätere Antworten warten können; 0: so viele wie kommen.",
		"problem." + oddOrigin:  "Schreiben Sie jeden Ursprung mit https:// und dem Namen der Website in Kleinbuchstaben, ohne Pfad und Schrägstrich am Ende, etwa https://www.example.org.",
	},
}
