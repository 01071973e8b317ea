package telegram

import "keypull/pull/settings"

// translations are what the kind says to editors in other languages than English.
//
//nolint:misspell,gosec // French, and words about tokens
var translations = settings.Words{
	"en": {
		"updates.choice.webhook": "Telegram calls us (webhook)",
		"updates.choice.poll":    "We ask Telegram (poll)",
	},
	"fr": {
		"title":                    "Telegram",
		"help":                     "Un bot sur Telegram. Créez-le avec @BotFather, qui vous donne son jeton.",
		"token.label":              "Jeton du bot",
		"token.help":               "Tel que @BotFather l'a donné : des chiffres, un deux-points, des lettres.",
		"secret_token.label":       "Secret du webhook",
		"secret_token.help":        "1 à 256 lettres, chiffres, _ ou -. Telegram l'envoie avec chaque message, pour que personne d'autre ne puisse parler à la place d'un lecteur. Nécessaire pour un webhook.",
		"api_base.label":           "Adresse de l'API",
		"api_base.help":            "Une autre seulement si vous avez votre propre serveur Bot API.",
		"rate.label":               "Messages par seconde",
		"rate.help":                "Ne pas en envoyer davantage. Vide : aussi vite que Telegram les prend ; quand il demande une pause, il l'obtient.",
		"updates.label":            "Réception",
		"updates.help":             "Webhook : Telegram nous appelle, à une adresse https publique. Interrogation : nous demandons à Telegram, de n'importe où.",
		"updates.choice.webhook":   "Telegram nous appelle (webhook)",
		"updates.choice.poll":      "Nous interrogeons Telegram",
		"problem." + asBotFather:   "Écrivez le jeton tel que @BotFather l'a donné : des chiffres, un deux-points, puis des lettres, des chiffres, _ et -.",
		"problem." + hookUnguarded: "Un webhook demande un secret : écrivez un long mot au hasard, en lettres et chiffres, ou choisissez d'interroger Telegram.",
		"problem." + oddWord:       "Écrivez 1 à 256 lettres, chiffres, _ et - seulement.",
	},
	"de": {
		"title":                    "Telegram",
		"help":                     "Ein Bot auf Telegram. Legen Sie ihn bei @BotFather an, der Ihnen sein Token gibt.",
		"token.label":              "Token des Bots",
		"token.help":               "Wie von @BotFather erhalten: Ziffern, ein Doppelpunkt, Buchstaben.",
		"secret_token.label":       "Webhook-Geheimnis",
		"secret_token.help":        "1 bis 256 Buchstaben, Ziffern, _ oder -. Telegram schickt es mit jeder Nachricht, damit niemand sonst sich als Leser ausgeben kann. Für Webhooks nötig.",
		"api_base.label":           "Adresse der API",
		"api_base.help":            "Eine andere nur bei einem eigenen Bot-API-Server.",
		"rate.label":               "Nachrichten pro Sekunde",
		"rate.help":                "Nicht mehr als so viele senden. Leer: so schnell, wie Telegram sie nimmt; bittet es um eine Pause, bekommt es sie.",
		"updates.label":            "Empfang",
		"updates.help":             "Webhook: Telegram ruft uns an, unter einer öffentlichen https-Adresse. Abfrage: Wir fragen Telegram, von überall aus.",
		"updates.choice.webhook":   "Telegram ruft uns an (Webhook)",
		"updates.choice.poll":      "Wir fragen Telegram ab",
		"problem." + asBotFather:   "Schreiben Sie das Token, wie @BotFather es gegeben hat: Ziffern, ein Doppelpunkt, dann Buchstaben, Ziffern, _ und -.",
		"problem." + hookUnguarded: "Ein Webhook braucht ein Geheimnis: Schreiben Sie ein langes, zufälliges Wort aus Buchstaben und Ziffern, oder wählen Sie die Abfrage.",
		"problem." + oddWord:       "Schreiben Sie nur 1 bis 256 Buchstaben, Ziffern, _ und -.",
	},
}
