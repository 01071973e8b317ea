package settings

import "maps"

// english is the language of all texts that have no other.
const english = "en"

// Sentences returns what problems say, by key and language; what stands in
// braces is filled in from their args. The map is a copy.
func Sentences() map[string]map[string]string {
	all := make(map[string]map[string]string, len(sentences))
	for key, texts := range sentences {
		all[key] = maps.Clone(texts)
	}
	return all
}

// sentences are read in files, forms and answers of the API alike: quotation
// marks only set examples apart.
var sentences = map[string]map[string]string{
	"unknown": {
		"en": `There is no such setting; known are {known}.`,
		"fr": `Ce réglage n'existe pas ; les réglages connus sont {known}.`,
		"de": `Diese Einstellung gibt es nicht; bekannt sind {known}.`,
	},
	"unknown_nearest": {
		"en": `There is no such setting; did you mean "{nearest}"?`,
		"fr": `Ce réglage n'existe pas ; vouliez-vous dire « {nearest} » ?`,
		"de": `Diese Einstellung gibt es nicht; meinten Sie „{nearest}“?`,
	},
	"required": {
		"en": `A value is required.`,
		"fr": `Une valeur est obligatoire.`,
		"de": `Hier wird ein Wert gebraucht.`,
	},
	"nameless": {
		"en": `Give every entry a name.`,
		"fr": `Donnez un nom à chaque entrée.`,
		"de": `Geben Sie jedem Eintrag einen Namen.`,
	},
	"text": {
		"en": `Write a text, such as "abc", not {got}.`,
		"fr": `Écrivez un texte, par exemple "abc", et non {got}.`,
		"de": `Schreiben Sie einen Text, etwa "abc", nicht {got}.`,
	},
	"not_text": {
		"en": `Write plain text: this holds bytes that are not UTF-8, or a zero byte.`,
		"fr": `Écrivez du texte simple : ceci contient des octets qui ne sont pas de l'UTF-8, ou un octet nul.`,
		"de": `Schreiben Sie reinen Text: Hier stehen Bytes, die kein UTF-8 sind, oder ein Nullbyte.`,
	},
	"lines": {
		"en": `Write a list of texts, such as ["one", "two"], not {got}.`,
		"fr": `Écrivez une liste de textes, par exemple ["un", "deux"], et non {got}.`,
		"de": `Schreiben Sie eine Liste von Texten, etwa ["eins", "zwei"], nicht {got}.`,
	},
	"number": {
		"en": `Write a whole number, such as 3, not {got}.`,
		"fr": `Écrivez un nombre entier, par exemple 3, et non {got}.`,
		"de": `Schreiben Sie eine ganze Zahl, etwa 3, nicht {got}.`,
	},
	"number_range": {
		"en": `Write a smaller number: at most {max} fits here, and at least {min}.`,
		"fr": `Écrivez un nombre plus petit : {max} au plus, et au moins {min}.`,
		"de": `Schreiben Sie eine kleinere Zahl: Hier passen höchstens {max} und mindestens {min}.`,
	},
	"toggle": {
		"en": `Write true or false, not {got}.`,
		"fr": `Écrivez true (oui) ou false (non), et non {got}.`,
		"de": `Schreiben Sie true (ja) oder false (nein), nicht {got}.`,
	},
	"duration": {
		"en": `Write a duration with its unit, such as "60s", "5m", "1h30m" or "7d", not {got}.`,
		"fr": `Écrivez une durée avec son unité, par exemple "60s", "5m", "1h30m" ou "7d" (7 jours), et non {got}.`,
		"de": `Schreiben Sie eine Dauer mit ihrer Einheit, etwa "60s", "5m", "1h30m" oder "7d" (7 Tage), nicht {got}.`,
	},
	"duration_unit": {
		"en": `Write the unit too: "{got}s" for seconds, "{got}m" for minutes.`,
		"fr": `Écrivez aussi l'unité : "{got}s" pour des secondes, "{got}m" pour des minutes.`,
		"de": `Schreiben Sie auch die Einheit: "{got}s" für Sekunden, "{got}m" für Minuten.`,
	},
	"size": {
		"en": `Write a size with its unit, such as "64MiB" or "1GiB", not {got}.`,
		"fr": `Écrivez une taille avec son unité, par exemple "64MiB" (64 Mio) ou "1GiB" (1 Gio), et non {got}.`,
		"de": `Schreiben Sie eine Größe mit ihrer Einheit, etwa "64MiB" oder "1GiB", nicht {got}.`,
	},
	"time": {
		"en": `Write a moment with its zone, such as "2026-12-24T18:00:00+01:00", not {got}.`,
		"fr": `Écrivez un moment avec son fuseau, par exemple "2026-12-24T18:00:00+01:00", et non {got}.`,
		"de": `Schreiben Sie einen Zeitpunkt mit seiner Zone, etwa "2026-12-24T18:00:00+01:00", nicht {got}.`,
	},
	"pairs": {
		"en": `Give names with one text each, not {got}.`,
		"fr": `Donnez des noms avec un texte chacun, et non {got}.`,
		"de": `Geben Sie Namen mit je einem Text an, nicht {got}.`,
	},
	"lists": {
		"en": `Give names with a list of texts each, such as ["one", "two"], not {got}.`,
		"fr": `Donnez des noms avec une liste de textes chacun, par exemple ["un", "deux"], et non {got}.`,
		"de": `Geben Sie Namen mit je einer Liste von Texten an, etwa ["eins", "zwei"], nicht {got}.`,
	},
	"rows": {
		"en": `Give a list of entries, each with names and values, not {got}.`,
		"fr": `Donnez une liste d'entrées, chacune avec des noms et des valeurs, et non {got}.`,
		"de": `Geben Sie eine Liste von Einträgen mit Namen und Werten an, nicht {got}.`,
	},
	"row": {
		"en": `Give names with values, not {got}.`,
		"fr": `Donnez des noms avec des valeurs, et non {got}.`,
		"de": `Geben Sie Namen mit Werten an, nicht {got}.`,
	},
	"localised": {
		"en": `Write one text, or one per language under its tag, such as en or fr, not {got}.`,
		"fr": `Écrivez un seul texte, ou un par langue sous son code, comme en ou fr, et non {got}.`,
		"de": `Schreiben Sie einen Text oder einen je Sprache unter ihrem Kürzel, etwa en oder fr, nicht {got}.`,
	},
	"choice": {
		"en": `Write one of {choices}, not {got}.`,
		"fr": `Choisissez parmi {choices}, et non {got}.`,
		"de": `Wählen Sie aus {choices}, nicht {got}.`,
	},
	"choice_nearest": {
		"en": `Write one of {choices}; did you mean "{nearest}"?`,
		"fr": `Choisissez parmi {choices} ; vouliez-vous dire « {nearest} » ?`,
		"de": `Wählen Sie aus {choices}; meinten Sie „{nearest}“?`,
	},
	"url": {
		"en": `Write a whole address that begins with http:// or https:// and names a host.`,
		"fr": `Écrivez une adresse complète, qui commence par http:// ou https:// et nomme un site.`,
		"de": `Schreiben Sie eine ganze Adresse, die mit http:// oder https:// beginnt und einen Server nennt.`,
	},
	"id": {
		"en": `Write 1 to 32 small letters, digits or hyphens, the first no hyphen, not {got}.`,
		"fr": `Écrivez 1 à 32 lettres minuscules sans accent, chiffres ou tirets, sans tiret au début, et non {got}.`,
		"de": `Schreiben Sie 1 bis 32 Kleinbuchstaben ohne Umlaute, Ziffern oder Bindestriche, vorn keinen Bindestrich, nicht {got}.`,
	},
	"zone": {
		"en": `Write an IANA time zone, such as Europe/Paris, not {got}.`,
		"fr": `Écrivez un fuseau horaire IANA, par exemple Europe/Paris, et non {got}.`,
		"de": `Schreiben Sie eine IANA-Zeitzone, etwa Europe/Berlin, nicht {got}.`,
	},
	"language": {
		"en": `Write a language as a BCP 47 tag, such as en or pt-BR, not {got}.`,
		"fr": `Écrivez une langue par son code BCP 47, par exemple fr ou pt-BR, et non {got}.`,
		"de": `Schreiben Sie eine Sprache als BCP-47-Kürzel, etwa de oder pt-BR, nicht {got}.`,
	},
	"cidr": {
		"en": `Write a network with its length, such as 10.0.0.0/8 or 127.0.0.1/32, not {got}.`,
		"fr": `Écrivez un réseau avec sa longueur, par exemple 10.0.0.0/8 ou 127.0.0.1/32, et non {got}.`,
		"de": `Schreiben Sie ein Netz mit seiner Länge, etwa 10.0.0.0/8 oder 127.0.0.1/32, nicht {got}.`,
	},
	"min": {
		"en": `Write {min} or more.`,
		"fr": `Écrivez {min} ou plus.`,
		"de": `Schreiben Sie {min} oder mehr.`,
	},
	"max": {
		"en": `Write {max} or less.`,
		"fr": `Écrivez {max} ou moins.`,
		"de": `Schreiben Sie {max} oder weniger.`,
	},
	"min_length": {
		"en": `Write at least {min} characters; this has {got}.`,
		"fr": `Écrivez au moins {min} caractères ; il y en a {got}.`,
		"de": `Schreiben Sie mindestens {min} Zeichen; hier sind es {got}.`,
	},
	"max_length": {
		"en": `Write at most {max} characters; this has {got}.`,
		"fr": `Écrivez au plus {max} caractères ; il y en a {got}.`,
		"de": `Schreiben Sie höchstens {max} Zeichen; hier sind es {got}.`,
	},
	"min_entries": {
		"en": `Give at least {min} entries; here are {got}.`,
		"fr": `Donnez au moins {min} entrées ; il y en a {got}.`,
		"de": `Geben Sie mindestens {min} Einträge an; hier sind es {got}.`,
	},
	"max_entries": {
		"en": `Give at most {max} entries; here are {got}.`,
		"fr": `Donnez au plus {max} entrées ; il y en a {got}.`,
		"de": `Geben Sie höchstens {max} Einträge an; hier sind es {got}.`,
	},
	"check": {
		"en": `{reason}.`,
		"fr": `{reason}.`,
		"de": `{reason}.`,
	},
}

// things are what kindOf and quoted name, as an object in a sentence.
var things = map[string]map[string]string{
	"nothing":       {"fr": "rien", "de": "nichts"},
	"a text":        {"fr": "un texte", "de": "einen Text"},
	"true or false": {"fr": "true ou false", "de": "true oder false"},
	"a moment":      {"fr": "un moment", "de": "einen Zeitpunkt"},
	"a number":      {"fr": "un nombre", "de": "eine Zahl"},
	"a list":        {"fr": "une liste", "de": "eine Liste"},
	"a table":       {"fr": "une table", "de": "eine Tabelle"},
	"this":          {"fr": "ceci", "de": "dies"},
}
