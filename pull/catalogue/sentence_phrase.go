package catalogue

// phraseSentences are about one phrase by itself.
//
//nolint:misspell // French
var phraseSentences = map[string]map[string]string{
	CodeTooShort: {
		"en": `"{phrase}" is a single letter or digit, which is sent by mistake and answers offers; use a word.`,
		"fr": "« {phrase} » n'est qu'une lettre ou un chiffre, qui part par erreur et sert à répondre aux choix proposés ; prenez un mot.",
		"de": "„{phrase}“ ist nur ein Buchstabe oder eine Ziffer, wird versehentlich gesendet und beantwortet Rückfragen; nehmen Sie ein Wort.",
	},
	keyTooLong: {
		"en": "No message is as long as this phrase; shorten it to a few words.",
		"fr": "Aucun message n'est aussi long que cette expression ; réduisez-la à quelques mots.",
		"de": "Keine Nachricht ist so lang; kürzen Sie auf wenige Wörter.",
	},
	keyTooWordy: {
		"en": `"{phrase}" has so many words that only a message of exactly these finds it; shorten it to the few that readers remember.`,
		"fr": "« {phrase} » a tant de mots que seul un message qui les reprend tous la trouve ; gardez ceux que les lecteurs retiennent.",
		"de": "„{phrase}“ hat so viele Wörter, dass nur eine Nachricht mit genau diesen es findet; behalten Sie die, die man sich merkt.",
	},
	CodeCommonWord: {
		"en": `"{phrase}" is an everyday word, so it counts only as the whole message or beside words that ask for it; add a longer phrase beside it, or leave it so.`,
		"fr": "« {phrase} » est un mot de tous les jours, qui ne compte que seul ou à côté de mots qui demandent ; ajoutez une expression plus longue, ou laissez ainsi.",
		"de": "„{phrase}“ ist ein Allerweltswort und zählt nur allein oder neben bittenden Wörtern; ergänzen Sie ein längeres Wort, oder lassen Sie es so.",
	},
	keyPolite: {
		"en": `"{phrase}" is a greeting or mere politeness, and whoever says so gets this keyword; choose a word that asks for something.`,
		"fr": "« {phrase} » est une formule de politesse, et quiconque l'écrit reçoit ce mot-clé ; choisissez un mot qui demande quelque chose.",
		"de": "„{phrase}“ ist ein Gruß oder bloße Höflichkeit, und wer so schreibt, bekommt dieses Stichwort; wählen Sie ein Wort, das etwas verlangt.",
	},
	CodeWrongScript: {
		"en": `"{phrase}" is not in the letters that "{language}" is written in; move it to the language it belongs to, or spell it in those letters.`,
		"fr": "« {phrase} » n'est pas dans l'écriture de la langue « {language} » ; déplacez l'expression vers sa langue, ou écrivez-la avec ces lettres.",
		"de": "„{phrase}“ steht nicht in der Schrift der Sprache „{language}“; ordnen Sie das Wort seiner Sprache zu, oder schreiben Sie es in dieser Schrift.",
	},
}
