package console

import (
	"slices"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// Sentences are what the operations of this package say of documents, in other
// languages than English: the words to give to settings.Problem's In.
func Sentences() settings.Words {
	return settings.Join(sentences)
}

var sentences = settings.Words{
	"fr": {
		"problem." + sayUnready:      `Impossible d'y accéder : {reason}. Rien n'a été enregistré.`,
		"problem." + sayAgain:        `Saisissez de nouveau ce secret, car il serait désormais envoyé à une autre adresse.`,
		"problem." + sayTooLong:      `Écrivez 64 Kio au plus ; il y en a {got} octets.`,
		"problem." + sayTaken:        `L'identifiant « {got} » est déjà pris ; choisissez-en un autre.`,
		"problem." + sayNeverChanges: `L'identifiant ne change jamais ; c'est « {id} ».`,
		"problem." + sayUnknown:      `« {got} » n'existe pas ; sont connus : {known}.`,
		"problem." + sayUnknownNear:  `« {got} » n'existe pas ; vouliez-vous dire « {nearest} » ?`,
		"problem." + sayNone:         `« {got} » n'existe pas, et il n'y en a aucun autre.`,
		"problem." + sayTemplate:     `Le modèle n'est pas compris : {reason}`,
		"problem." + sayTemplateLine: `Le modèle n'est pas compris à la ligne {line}, au caractère {column} : {reason}`,
		"problem." + sayBoth:         `Une réponse se compose d'éléments ou d'un modèle ; retirez l'un des deux.`,
		"problem." + sayNoPart:       `Les contenus de cette source n'ont pas de « {got} » ; ils ont {known}.`,
		"problem." + sayNoPartNear:   `Les contenus de cette source n'ont pas de « {got} » ; vouliez-vous dire « {nearest} » ?`,
		"problem." + sayPhrases:      `Donnez {max} expressions au plus ; il y en a {got}.`,
		"problem." + sayReserved:     `L'identifiant « {got} » est celui de webhooks que plusieurs médias partagent ; choisissez-en un autre.`,
		"problem." + sayInFile:       `L'interprète du média se règle dans le fichier de configuration seulement ; ne le donnez pas ici.`,
		"problem." + sayElsewhere:    `Les sources, mots-clés et canaux ont leurs propres opérations ; ne les donnez pas ici.`,
	},
	"de": {
		"problem." + sayUnready:      `Der Abruf gelingt nicht: {reason}. Nichts wurde gespeichert.`,
		"problem." + sayAgain:        `Geben Sie dieses Geheimnis noch einmal ein, denn es ginge nun an eine andere Adresse als bisher.`,
		"problem." + sayTooLong:      `Schreiben Sie höchstens 64 KiB; hier sind es {got} Bytes.`,
		"problem." + sayTaken:        `Die Kennung „{got}“ ist schon vergeben; wählen Sie eine andere.`,
		"problem." + sayNeverChanges: `Die Kennung ändert sich nie; sie ist „{id}“.`,
		"problem." + sayUnknown:      `„{got}“ gibt es nicht; bekannt sind {known}.`,
		"problem." + sayUnknownNear:  `„{got}“ gibt es nicht; meinten Sie „{nearest}“?`,
		"problem." + sayNone:         `„{got}“ gibt es nicht, und auch sonst nichts.`,
		"problem." + sayTemplate:     `Die Vorlage wird nicht verstanden: {reason}`,
		"problem." + sayTemplateLine: `Die Vorlage wird in Zeile {line}, Zeichen {column}, nicht verstanden: {reason}`,
		"problem." + sayBoth:         `Eine Antwort besteht aus Teilen oder aus einer Vorlage; nehmen Sie eines davon weg.`,
		"problem." + sayNoPart:       `Inhalte dieser Quelle haben kein „{got}“; sie haben {known}.`,
		"problem." + sayNoPartNear:   `Inhalte dieser Quelle haben kein „{got}“; meinten Sie „{nearest}“?`,
		"problem." + sayPhrases:      `Geben Sie höchstens {max} Ausdrücke an; hier sind es {got}.`,
		"problem." + sayReserved:     `Die Kennung „{got}“ gehört Webhooks, die sich mehrere Medien teilen; wählen Sie eine andere.`,
		"problem." + sayInFile:       `Der eigene Deuter steht allein in der Konfigurationsdatei; lassen Sie ihn hier weg.`,
		"problem." + sayElsewhere:    `Quellen, Stichwörter und Kanäle haben eigene Operationen; lassen Sie sie hier weg.`,
	},
}

// SayProblem words a problem in a language: by the words of those whose setting
// it is, by those of this package, and as the checks of keywords say it.
func SayProblem(p settings.Problem, language string, words ...settings.Words) string {
	said := p.In(language, append(slices.Clone(words), Sentences())...)
	if said != p.Message {
		return said
	}
	return catalogue.Finding{Key: p.Key, Args: p.Args, Message: p.Message}.In(language)
}
