package catalogue

import "maps"

// The sentences that are no rule's only one.
const (
	keyEndsFirst   = "ends_first"
	keyNoPhrases   = "no_phrases"
	keyNothingLeft = "nothing_left"
	keyStops       = "stops"
	keyCommand     = "command"
	keyTooLong     = "too_long"
	keyTooWordy    = "too_wordy"
	keyPolite      = "polite"
	keyNameTaken   = "name_taken"
)

// sentences holds what findings say, by key and language. What stands in
// braces is filled in, what stands in square brackets left out where the
// keyword has no name yet.
var sentences = func() map[string]map[string]string {
	all := maps.Clone(fieldSentences)
	maps.Copy(all, phraseSentences)
	maps.Copy(all, pairSentences)
	return all
}()

// fieldSentences are about the settings of a keyword, and phrases that are
// refused for what they are.
//
//nolint:misspell // French
var fieldSentences = map[string]map[string]string{
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
	CodeUnnamed: {
		"en": `No entry of the source is called "{phrase}", so that the keyword finds nothing; set query to the name of one, or to "*" for whatever the source brings first.`,
		"fr": "Aucune entrée de la source ne s'appelle « {phrase} », le mot-clé ne trouve donc rien ; donnez le nom d'une entrée comme complément par défaut, ou * pour ce que la source apporte en premier.",
		"de": "Kein Eintrag der Quelle heißt „{phrase}“, das Stichwort findet also nichts; geben Sie als „Zusatz ohne Angabe“ den Namen eines Eintrags an, oder * für das, was die Quelle zuerst bringt.",
	},
	CodeWrongLanguage: {
		"en": `The publisher does not speak "{language}"; add it to its languages, which are {languages}.`,
		"fr": "« {language} » n'est pas une langue de ce média ; ajoutez-la aux siennes, qui sont : {languages}.",
		"de": "„{language}“ ist keine Sprache dieses Mediums; ergänzen Sie sie bei seinen Sprachen ({languages}).",
	},
	CodeAudience: {
		"en": "Who a keyword is for is not told apart yet: with an audience it answers nobody; take the audience away to have it answer everybody.",
		"fr": "On ne distingue pas encore à qui s'adresse un mot-clé : avec un public, il ne répond à personne ; retirez le public pour qu'il réponde à tous.",
		"de": "Für wen ein Stichwort ist, wird noch nicht unterschieden: Mit Publikum antwortet es niemandem; nehmen Sie das Publikum weg, damit es allen antwortet.",
	},
	CodeContact: {
		"en": "Readers who want to see or erase their data, or to speak to a person, are told nobody to turn to; give a contact.",
		"fr": "Aux lecteurs qui veulent voir ou effacer leurs données, ou parler à quelqu'un, personne n'est indiqué ; donnez un contact.",
		"de": "Wer seine Daten sehen oder löschen lassen oder mit einem Menschen sprechen will, erfährt nicht, an wen er sich wenden kann; geben Sie einen Kontakt an.",
	},
	CodePrivacy: {
		"en": "Readers are not told where your privacy notice stands; give the address of its page.",
		"fr": "Les lecteurs n'apprennent pas où se trouve votre politique de protection des données ; donnez l'adresse de sa page.",
		"de": "Leser erfahren nicht, wo Ihre Datenschutzhinweise stehen; geben Sie die Adresse der Seite an.",
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
}
