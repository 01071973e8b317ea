package pull

import "maps"

// words holds every text in every language that the service itself speaks; a
// reader of another language gets the publisher's first of these, else English.
var words = func() map[Word]map[string]string {
	all := maps.Clone(answerWords)
	maps.Copy(all, rightWords)
	maps.Copy(all, lateWords)
	return all
}()

// rightWords are what is said in groups, and to readers who claim what is
// theirs: nobody is told that it cannot be done.
var rightWords = map[Word]map[string]string{
	wordGroup: {
		"en": "This is {publisher}. Here, mention me or answer one of my messages with a word, and get what is current. MENU shows the words. Nothing is sent unless somebody asks. STOP silences me in this group, /start brings me back.",
		"fr": "Ici {publisher}. Dans ce groupe, mentionnez-moi ou répondez à l'un de mes messages avec un mot, et l'actuel arrive. MENU montre les mots. Rien n'est envoyé sans demande. STOP me fait taire dans ce groupe, /start me fait revenir.",
		"de": "Hier ist {publisher}. In dieser Gruppe bitte mich erwähnen oder auf eine meiner Nachrichten mit einem Wort antworten, dann kommt das Aktuelle. MENU zeigt die Wörter. Nichts kommt ungefragt. STOP lässt mich in dieser Gruppe verstummen, /start bringt mich zurück.",
	},
	wordStopGroup: {
		"en": "Done: {publisher} says nothing more in this group, to nobody. /start brings it back, whoever sends it.",
		"fr": "C'est fait : {publisher} ne dit plus rien dans ce groupe, à personne. /start, envoyé par n'importe qui, le fait revenir.",
		"de": "Erledigt: {publisher} sagt in dieser Gruppe nichts mehr, zu niemandem. /start bringt es zurück, wer immer es sendet.",
	},
	wordAside: {
		"en": "That is between you and {publisher}: please write it to me in private, not in a group.",
		"fr": "Cela reste entre vous et {publisher} : écrivez-le-moi en privé, pas dans un groupe.",
		"de": "Das geht nur Sie und {publisher} etwas an: Bitte schreiben Sie mir das privat, nicht in einer Gruppe.",
	},
	wordRightData: {
		"en": "What is kept of you is yours to see.",
		"fr": "Vous avez le droit de voir ce qui est gardé de vous.",
		"de": "Was über Sie gespeichert ist, dürfen Sie sehen.",
	},
	wordRightForget: {
		"en": "What is kept of you is erased if you want it.",
		"fr": "Ce qui est gardé de vous est effacé si vous le voulez.",
		"de": "Was über Sie gespeichert ist, wird auf Wunsch gelöscht.",
	},
	wordRightHuman: {
		"en": "A person will answer you.",
		"fr": "Une personne vous répondra.",
		"de": "Ein Mensch antwortet Ihnen.",
	},
	wordRightWhy: {
		"en": "How an answer comes about is yours to know.",
		"fr": "Vous avez le droit de savoir d'où vient une réponse.",
		"de": "Wie eine Antwort entsteht, dürfen Sie wissen.",
	},
	wordWriteTo: {
		"en": "Please write to {publisher}: {contact}",
		"fr": "Écrivez à {publisher} : {contact}",
		"de": "Bitte wenden Sie sich an {publisher}: {contact}",
	},
	wordTurnTo: {
		"en": "Please turn to {publisher}, by any way that you reach them.",
		"fr": "Adressez-vous à {publisher}, par tout moyen de le joindre.",
		"de": "Bitte wenden Sie sich an {publisher}, auf jedem Weg, der Ihnen offensteht.",
	},
	wordNotice: {
		"en": "Privacy notice: {privacy}",
		"fr": "Protection des données : {privacy}",
		"de": "Datenschutzhinweise: {privacy}",
	},
}
