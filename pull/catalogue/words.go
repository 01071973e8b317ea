package catalogue

import "keypull/pull/settings"

// PublisherWords are the texts of Publisher, those of its rows among them.
func PublisherWords() settings.Words {
	return settings.Join(publisherWords, matcherWords.At("matcher"), SourceWords().At("source"), KeywordWords().At("keyword"), ChannelWords().At("channel"))
}

// SourceWords are the texts of Source.
func SourceWords() settings.Words { return settings.Join(freshnessWords, sourceWords) }

// KeywordWords are the texts of Keyword.
func KeywordWords() settings.Words { return settings.Join(freshnessWords, keywordWords) }

// ChannelWords are the texts of Channel.
func ChannelWords() settings.Words { return settings.Join(channelWords) }

// publisherWords are the texts of a publisher without its rows.
//
//nolint:misspell // French
var publisherWords = settings.Words{
	"en": {
		"title": "Publisher", "help": "A media outlet with its sources, keywords and channels.",
		"autocorrect.choice.confident": "Correct where only one keyword fits, and say so",
		"autocorrect.choice.offer":     "Always ask",
		"autocorrect.choice.off":       "Forgive none",
	},
	"fr": {
		"title": "Média", "help": "Un média avec ses sources, ses mots-clés et ses canaux.",
		"id.label": "Identifiant", "id.help": "Nom court dans les adresses et les journaux ; ne change jamais.",
		"name.label": "Nom", "name.help": "Le nom sous lequel les lecteurs connaissent le média.",
		"languages.label": "Langues", "languages.help": "Les langues des mots-clés, par leur code (fr, de, en) ; la première sert par défaut.",
		"time_zone.label": "Fuseau horaire", "time_zone.help": "Fuseau IANA pour les heures, les horaires et les dates, par exemple Europe/Paris.",
		"contact.label": "Contact", "contact.help": "Une personne à qui les lecteurs peuvent s'adresser au sujet de leurs données, ou pour parler à quelqu'un : une adresse de courriel, un numéro de téléphone, l'adresse d'une page, ou un texte d'au plus 200 caractères. Il est donné à qui envoie MYDATA, FORGET ME ou HUMAIN.",
		"privacy.label": "Protection des données", "privacy.help": "La page qui dit ce qui est gardé des lecteurs, et pourquoi.",
		"problem." + contactOdd: "Écrivez une adresse de courriel, un numéro de téléphone, l'adresse d'une page qui commence par https://, ou un court texte sur une ligne.",
		"autocorrect.label":     "Fautes de frappe", "autocorrect.help": "Que faire d'une faute de frappe : répondre au seul mot-clé plausible en le disant, toujours demander, ou ni l'un ni l'autre.",
		"autocorrect.choice.confident": "Corriger si un seul mot-clé convient, et le dire",
		"autocorrect.choice.offer":     "Toujours demander",
		"autocorrect.choice.off":       "Ne rien corriger",
		"reserved.label":               "Mots des commandes", "reserved.help": "D'autres mots pour les commandes du service, par commande : stop, start, help, menu, more, save, my, mydata, forget, lang, human, why, link, unlink. Personne n'enlève STOP.",
		"problem." + reservedUnknown: "Cette commande n'existe pas : écrivez stop, start, help, menu, more, save, my, mydata, forget, lang, human, why, link ou unlink.",
		"problem." + reservedStop:    "Ce mot arrête le service dans toutes les langues et ne peut avoir d'autre sens. Prenez un autre mot.",
		"matcher.label":              "Interprète propre", "matcher.help": "Un service du média, interrogé sur ce que voulait dire un message dont aucun mot-clé n'est proche. Il ne peut que proposer des mots-clés. Dans le fichier de configuration seulement.",
		"source.label": "Sources", "source.help": "D'où viennent les contenus.",
		"keyword.label": "Mots-clés", "keyword.help": "Les mots que les lecteurs envoient.",
		"channel.label": "Canaux", "channel.help": "Les comptes de messagerie auxquels les lecteurs écrivent.",
	},
	"de": {
		"title": "Medium", "help": "Ein Medium mit seinen Quellen, Stichwörtern und Kanälen.",
		"id.label": "Kennung", "id.help": "Kurzer Name in Adressen und Protokollen; ändert sich nie.",
		"name.label": "Name", "name.help": "Unter welchem Namen Leser das Medium kennen.",
		"languages.label": "Sprachen", "languages.help": "Die Sprachen der Stichwörter als Kürzel (de, fr, en); die erste gilt, wenn nichts anderes bekannt ist.",
		"time_zone.label": "Zeitzone", "time_zone.help": "IANA-Zone für Uhrzeiten, Zeitpläne und Zeitangaben, etwa Europe/Berlin.",
		"contact.label": "Kontakt", "contact.help": "Ein Mensch, an den sich Leser wegen ihrer Daten wenden können, oder um mit jemandem zu sprechen: eine Mailadresse, eine Telefonnummer, die Adresse einer Seite oder ein kurzer Text von höchstens 200 Zeichen. Wer MYDATA, FORGET ME oder MENSCH sendet, bekommt ihn genannt.",
		"privacy.label": "Datenschutzhinweise", "privacy.help": "Die Seite, auf der steht, was über Leser gespeichert wird und warum.",
		"problem." + contactOdd: "Schreiben Sie eine Mailadresse, eine Telefonnummer, die Adresse einer Seite, die mit https:// beginnt, oder einen kurzen Text in einer Zeile.",
		"autocorrect.label":     "Tippfehler", "autocorrect.help": "Was bei einem Tippfehler geschieht: das einzig sinnvolle Stichwort beantworten und es sagen, immer nachfragen, oder keines von beiden.",
		"autocorrect.choice.confident": "Berichtigen, wenn nur ein Stichwort passt, und es sagen",
		"autocorrect.choice.offer":     "Immer nachfragen",
		"autocorrect.choice.off":       "Nichts berichtigen",
		"reserved.label":               "Wörter der Befehle", "reserved.help": "Weitere Wörter für die Befehle des Dienstes, nach Befehl: stop, start, help, menu, more, save, my, mydata, forget, lang, human, why, link, unlink. STOP nimmt niemand weg.",
		"problem." + reservedUnknown: "Diesen Befehl gibt es nicht: Schreiben Sie stop, start, help, menu, more, save, my, mydata, forget, lang, human, why, link oder unlink.",
		"problem." + reservedStop:    "Dieses Wort beendet den Dienst in jeder Sprache und kann nichts anderes bedeuten. Nehmen Sie ein anderes Wort.",
		"matcher.label":              "Eigener Deuter", "matcher.help": "Ein Dienst des Mediums, der gefragt wird, was eine Nachricht meinte, der kein Stichwort nahekommt. Er kann nur Stichwörter anbieten. Nur in der Konfigurationsdatei.",
		"source.label": "Quellen", "source.help": "Woher die Inhalte kommen.",
		"keyword.label": "Stichwörter", "keyword.help": "Die Wörter, die Leser senden.",
		"channel.label": "Kanäle", "channel.help": "Die Messenger-Konten, an die Leser schreiben.",
	},
}

// freshnessWords are for the settings that sources and keywords share.
var freshnessWords = settings.Words{
	"fr": {
		"max_age.label": "Âge maximal", "max_age.help": "Servir sans redemander à la source tant que la réponse est plus jeune. Vide : ce que dit la source, sinon 60s.",
		"stale_while_revalidate.label": "Servir pendant le rafraîchissement", "stale_while_revalidate.help": "Après l'âge maximal, pendant cette durée, servir aussitôt et rafraîchir en coulisse.",
		"stale_if_error.label": "Servir en cas de panne", "stale_if_error.help": "Après l'âge maximal, pendant cette durée, servir la dernière bonne réponse, signalée comme telle, quand la source est en panne.",
		"deadline.label": "Délai", "deadline.help": "Combien de temps un lecteur attend au plus ; 4s si rien n'est indiqué.",
	},
	"de": {
		"max_age.label": "Höchstalter", "max_age.help": "Ohne Rückfrage bei der Quelle antworten, solange die Antwort jünger ist. Leer: was die Quelle sagt, sonst 60s.",
		"stale_while_revalidate.label": "Beim Auffrischen weitergeben", "stale_while_revalidate.help": "Nach dem Höchstalter so lange noch sofort antworten und im Hintergrund auffrischen.",
		"stale_if_error.label": "Bei Ausfall weitergeben", "stale_if_error.help": "Nach dem Höchstalter so lange noch die letzte gute Antwort geben, gekennzeichnet, wenn die Quelle ausfällt.",
		"deadline.label": "Frist", "deadline.help": "Wie lange ein Leser höchstens wartet; 4s, wenn nichts angegeben ist.",
	},
}

// sourceWords are the texts of a source but for its freshness.
var sourceWords = settings.Words{
	"en": {"title": "Source", "help": "One place that content comes from."},
	"fr": {
		"title": "Source", "help": "Un endroit d'où viennent des contenus.",
		"id.label": "Identifiant", "id.help": "Nom court de la source.",
		"kind.label": "Type", "kind.help": "De quel type de source il s'agit.",
		"new_keys.label": "Nouvelles clés", "new_keys.help": "Pour combien d'arguments par minute dont rien n'est gardé un même demandeur peut faire appeler la source : un lecteur ou, dans le chat web, une adresse. Au-delà, le lecteur est invité à redemander plus tard. 0 : sans limite.",
		"refresh.label": "Rafraîchissement", "refresh.help": "Aller chercher d'avance : une ligne cron dans le fuseau du média, ou @every 5m.",
		"settings.label": "Réglages", "settings.help": "Les réglages propres au type de source.",
		"problem.cron": "Écrivez une ligne cron de cinq champs, par exemple */5 6-22 * * *, ou @every 5m.",
	},
	"de": {
		"title": "Quelle", "help": "Ein Ort, von dem Inhalte kommen.",
		"id.label": "Kennung", "id.help": "Kurzer Name der Quelle.",
		"kind.label": "Art", "kind.help": "Um welche Art von Quelle es geht.",
		"new_keys.label": "Neue Schlüssel", "new_keys.help": "Zu wie vielen Argumenten je Minute, zu denen nichts aufgehoben ist, derselbe Frager die Quelle rufen lassen darf: ein Leser oder im Web-Chat eine Adresse. Darüber hinaus hört der Leser, dass er später noch einmal fragen soll. 0: beliebig viele.",
		"refresh.label": "Auffrischen", "refresh.help": "Im Voraus holen: eine Cron-Zeile in der Zeitzone des Mediums, oder @every 5m.",
		"settings.label": "Einstellungen", "settings.help": "Die eigenen Einstellungen dieser Art von Quelle.",
		"problem.cron": "Schreiben Sie eine Cron-Zeile mit fünf Feldern, etwa */5 6-22 * * *, oder @every 5m.",
	},
}

// channelWords are the texts of a channel.
//
//nolint:misspell // French
var channelWords = settings.Words{
	"en": {"title": "Channel", "help": "One messenger account that readers write to."},
	"fr": {
		"title": "Canal", "help": "Un compte de messagerie auquel les lecteurs écrivent.",
		"id.label": "Identifiant", "id.help": "Nom court du canal ; fait partie de l'adresse de son webhook.",
		"kind.label": "Type", "kind.help": "De quelle messagerie il s'agit.",
		"settings.label": "Réglages", "settings.help": "Les réglages propres à cette messagerie.",
	},
	"de": {
		"title": "Kanal", "help": "Ein Messenger-Konto, an das Leser schreiben.",
		"id.label": "Kennung", "id.help": "Kurzer Name des Kanals; Teil der Adresse seines Webhooks.",
		"kind.label": "Art", "kind.help": "Um welchen Messenger es geht.",
		"settings.label": "Einstellungen", "settings.help": "Die eigenen Einstellungen dieses Messengers.",
	},
}
