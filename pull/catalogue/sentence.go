package catalogue

// The sentences that are no rule's only one.
const (
	keyEndsFirst     = "ends_first"
	keyNoListener    = "no_listener"
	keyNoPhrases     = "no_phrases"
	keyNothingLeft   = "nothing_left"
	keyStops         = "stops"
	keyCommand       = "command"
	keyDuplicateHere = "duplicate_here"
)

// sentences holds what findings say, by key and language. What stands in
// braces is filled in.
var sentences = map[string]map[string]string{
	keyEndsFirst: {
		"en": "The keyword ends before it begins; put until after from.",
		"fr": "Le mot-clé se termine avant d'avoir commencé ; choisissez une fin postérieure au début.",
		"de": "Das Stichwort endet, bevor es beginnt; bitte ein Ende nach dem Beginn wählen.",
	},
	CodeUnused: {
		"en": `The query is never asked, since readers must give an argument; write argument = "optional".`,
		"fr": "Le complément par défaut ne sert jamais, puisque le lecteur doit en donner un ; rendez le complément facultatif.",
		"de": "Der „Zusatz ohne Angabe“ wird nie verwendet, weil der Zusatz Pflicht ist; machen Sie ihn freiwillig.",
	},
	CodeWrongLanguage: {
		"en": `The publisher does not speak "{language}"; add it to its languages, which are {languages}.`,
		"fr": "« {language} » n'est pas une langue de ce média ; ajoutez-la aux siennes, qui sont : {languages}.",
		"de": "„{language}“ ist keine Sprache dieses Mediums; ergänzen Sie sie bei seinen Sprachen ({languages}).",
	},
	keyNoListener: {
		"en": "No reader can have one of these languages; add one to the publisher's languages.",
		"fr": "Aucun lecteur ne peut avoir l'une de ces langues ; ajoutez-en une à celles du média.",
		"de": "Keine dieser Sprachen kann jemand eingestellt haben; ergänzen Sie eine davon bei denen des Mediums.",
	},
	keyNoPhrases: {
		"en": "Give at least one phrase, or leave the language out.",
		"fr": "Indiquez au moins une expression, ou retirez cette langue.",
		"de": "Geben Sie mindestens ein Wort an, oder lassen Sie die Sprache weg.",
	},
	keyNothingLeft: {
		"en": "Nothing is left of this phrase once signs are put aside; write a word.",
		"fr": "Il ne reste rien de cette expression une fois les signes ôtés ; écrivez un mot.",
		"de": "Ohne Satzzeichen bleibt hiervon nichts übrig; schreiben Sie ein Wort.",
	},
	CodeTooShort: {
		"en": "A single letter or digit is sent by mistake and answers offers; use a word.",
		"fr": "Une lettre ou un chiffre seul part par erreur et sert à répondre aux choix proposés ; prenez un mot.",
		"de": "Einzelne Buchstaben oder Ziffern werden versehentlich gesendet und beantworten Rückfragen; nehmen Sie ein Wort.",
	},
	keyStops: {
		"en": `"{phrase}" must always let readers stop; choose another phrase.`,
		"fr": "« {phrase} » doit toujours permettre de se désinscrire ; choisissez une autre expression.",
		"de": "Mit „{phrase}“ muss man sich immer abmelden können; wählen Sie ein anderes Wort.",
	},
	keyCommand: {
		"en": `"{phrase}" is the command {command}, which comes first; this phrase is never reached.`,
		"fr": "« {phrase} » est la commande {command}, qui passe avant ; cette expression ne sert jamais.",
		"de": "„{phrase}“ ist der Befehl {command} und hat Vorrang; dieses Wort wird nie erreicht.",
	},
	CodeDuplicate: {
		"en": `"{phrase}" of the keyword "{keyword}" is a duplicate: it calls the keyword "{other}" too; change one, or set tie = true on both to have readers asked which.`,
		"fr": "« {phrase} » du mot-clé « {keyword} » est un doublon : il appelle aussi le mot-clé « {other} » ; changez l'un des deux, ou cochez « Partage voulu » pour les deux, et le lecteur choisira.",
		"de": "„{phrase}“ des Stichworts „{keyword}“ ist doppelt: Es ruft auch das Stichwort „{other}“ auf; ändern Sie eines, oder wählen Sie bei beiden „Absichtlich geteilt“, damit nachgefragt wird.",
	},
	keyDuplicateHere: {
		"en": `"{phrase}" is a duplicate: it calls the keyword "{other}" too; change one, or set tie = true on both to have readers asked which.`,
		"fr": "« {phrase} » est un doublon : il appelle aussi le mot-clé « {other} » ; changez l'un des deux, ou cochez « Partage voulu » pour les deux, et le lecteur choisira.",
		"de": "„{phrase}“ ist doppelt: Es ruft auch das Stichwort „{other}“ auf; ändern Sie eines, oder wählen Sie bei beiden „Absichtlich geteilt“, damit nachgefragt wird.",
	},
	CodeShadowed: {
		"en": `"{phrase}" is easily taken for "{other_phrase}", which calls the keyword "{other}" in "{language}"; readers may be asked which.`,
		"fr": "« {phrase} » se confond facilement avec « {other_phrase} », qui appelle le mot-clé « {other} » en « {language} » ; le lecteur devra peut-être choisir.",
		"de": "„{phrase}“ ist leicht mit „{other_phrase}“ zu verwechseln, das in „{language}“ das Stichwort „{other}“ aufruft; vielleicht wird nachgefragt.",
	},
	CodeNeighbour: {
		"en": `"{phrase}" is one typing error away from "{other_phrase}", which calls the keyword "{other}"; who mistypes gets the other one.`,
		"fr": "« {phrase} » n'est qu'à une faute de frappe de « {other_phrase} », qui appelle le mot-clé « {other} » ; une faute donne l'autre.",
		"de": "„{phrase}“ ist nur einen Tippfehler von „{other_phrase}“ entfernt, das das Stichwort „{other}“ aufruft; wer sich vertippt, bekommt das andere.",
	},
}
