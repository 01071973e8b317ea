package pull

import "strings"

// Word names one text that the service itself says to readers.
type Word string

// The texts. What stands in braces is filled in.
const (
	wordUnknown     Word = "unknown"      // {word}
	wordEmpty       Word = "empty"        //
	wordOffer       Word = "offer"        //
	wordRefused     Word = "refused"      // {keyword} {why}
	wordTooOld      Word = "too_old"      // {keyword} {why} {stamp}
	wordNothing     Word = "nothing"      // {keyword} {argument}
	wordNothingNow  Word = "nothing_now"  // {keyword}
	wordMissing     Word = "missing"      // {keyword} {example}
	wordNotThere    Word = "not_there"    // {keyword} {argument} {example}
	wordClosed      Word = "closed"       // {keyword} {next}
	wordOver        Word = "over"         // {keyword}
	wordNotYet      Word = "not_yet"      // {keyword} {next}
	wordStopDone    Word = "stop_done"    // {publisher}
	wordStopped     Word = "stopped"      // {publisher}
	wordStart       Word = "start"        // {publisher}
	wordHelp        Word = "help"         // {publisher}
	wordMenu        Word = "menu"         // {publisher}
	wordMenuMore    Word = "menu_more"    //
	wordNoMore      Word = "no_more"      //
	wordFirst       Word = "first"        // {publisher}
	wordUnserved    Word = "unserved"     //
	wordDropped     Word = "dropped"      //
	wordUnsaved     Word = "unsaved"      // {keyword}
	wordBroken      Word = "broken"       //
	wordWorking     Word = "working"      //
	wordButtonStart Word = "button_start" //

	wordSilent         Word = "silent"          //
	wordNothingCurrent Word = "nothing_current" //
	wordCrowded        Word = "crowded"         //
	wordSpent          Word = "spent"           //
	wordGathering      Word = "gathering"       //
	wordAgainSoon      Word = "again_soon"      //
	wordAgainAt        Word = "again_at"        // {again}
	wordEarlierOne     Word = "earlier_one"     //
	wordEarlier        Word = "earlier"         // {number}
	wordOverdue        Word = "overdue"         // {keyword} {stamp}

	wordUnknownNear  Word = "unknown_near"  // {word}
	wordUnknownOne   Word = "unknown_one"   // {word} {keyword}
	wordGreet        Word = "greet"         //
	wordMean         Word = "mean"          // {keyword}
	wordWant         Word = "want"          // {keyword}
	wordWhich        Word = "which"         //
	wordDeclined     Word = "declined"      //
	wordQuestionOver Word = "question_over" //
	wordCorrected    Word = "corrected"     // {keyword}
	wordNotThat      Word = "not_that"      //
	wordReplyNo      Word = "reply_no"      //
	wordDesk         Word = "desk"          //
	wordButtonMenu   Word = "button_menu"   //
	wordButtonHuman  Word = "button_human"  //
	wordSeveral      Word = "several"       // {argument}
	wordSeveralMore  Word = "several_more"  // {argument} {count}

	wordGroup       Word = "group"        // {publisher}
	wordStopGroup   Word = "stop_group"   // {publisher}
	wordAside       Word = "aside"        // {publisher}
	wordRightData   Word = "right_data"   //
	wordRightForget Word = "right_forget" //
	wordRightHuman  Word = "right_human"  //
	wordRightWhy    Word = "right_why"    //
	wordWriteTo     Word = "write_to"     // {publisher} {contact}
	wordTurnTo      Word = "turn_to"      // {publisher}
	wordNotice      Word = "notice"       // {privacy}
)

// answerWords are the texts about keywords and what they answer; rightWords are
// the others.
var answerWords = map[Word]map[string]string{
	wordUnknown: {
		"en": "I don't know “{word}”. Send MENU to see what I answer.",
		"fr": "Je ne connais pas « {word} ». Envoyez MENU pour voir à quoi je réponds.",
		"de": "„{word}“ kenne ich nicht. MENU zeigt, worauf ich antworte.",
	},
	wordEmpty: {
		"en": "Please send a word. MENU shows what I answer.",
		"fr": "Envoyez un mot, s'il vous plaît. MENU montre à quoi je réponds.",
		"de": "Bitte ein Wort senden. MENU zeigt, worauf ich antworte.",
	},
	wordOffer: {
		"en": "Which one do you mean?",
		"fr": "Lequel voulez-vous dire ?",
		"de": "Was ist gemeint?",
	},
	wordSeveral: {
		"en": "Several entries fit “{argument}”. Which one do you mean?",
		"fr": "Plusieurs réponses vont avec « {argument} ». Laquelle voulez-vous ?",
		"de": "Zu „{argument}“ passt mehreres. Was ist gemeint?",
	},
	wordSeveralMore: {
		"en": "{count} entries fit “{argument}”. Is it one of these? One more word narrows it down.",
		"fr": "{count} réponses vont avec « {argument} ». Est-ce l'une de celles-ci ? Un mot de plus précise la demande.",
		"de": "Zu „{argument}“ passen {count} Einträge. Ist es einer von diesen? Ein Wort mehr grenzt es ein.",
	},
	wordRefused: {
		"en": "There is no answer for “{keyword}” right now: {why}.",
		"fr": "Pas de réponse pour « {keyword} » en ce moment : {why}.",
		"de": "Zu „{keyword}“ gibt es gerade keine Antwort: {why}.",
	},
	wordTooOld: {
		"en": "There is no current answer for “{keyword}”: {why}, and the last one ({stamp}) is too old.",
		"fr": "Pas de réponse actuelle pour « {keyword} » : {why} et la dernière ({stamp}) est trop ancienne.",
		"de": "Zu „{keyword}“ gibt es keine aktuelle Antwort: {why}, und die letzte ({stamp}) ist zu alt.",
	},
	wordSilent: {
		"en": "its source does not respond",
		"fr": "sa source ne répond pas",
		"de": "Die Quelle meldet sich nicht",
	},
	wordNothingCurrent: {
		"en": "its source has nothing current",
		"fr": "sa source n'a rien d'actuel",
		"de": "Die Quelle hat nichts Aktuelles",
	},
	wordGathering: {
		"en": "its source is still being read",
		"fr": "sa source est encore en cours de lecture",
		"de": "Die Quelle wird noch gelesen",
	},
	wordCrowded: {
		"en": "too many are asking at this moment",
		"fr": "trop de questions arrivent à la fois",
		"de": "Gerade fragen zu viele auf einmal",
	},
	wordSpent: {
		"en": "too many different things were asked from here within a minute",
		"fr": "trop de choses différentes ont été demandées d'ici en une minute",
		"de": "Von hier wurde in einer Minute zu viel Verschiedenes gefragt",
	},
	wordAgainSoon: {
		"en": "Please ask again in a moment.",
		"fr": "Redemandez dans un instant.",
		"de": "Bitte gleich noch einmal fragen.",
	},
	wordAgainAt: {
		"en": "Please ask again {again}.",
		"fr": "Redemandez {again}.",
		"de": "Bitte {again} noch einmal fragen.",
	},
	wordNothing: {
		"en": "“{keyword}” has nothing about “{argument}”.",
		"fr": "« {keyword} » n'a rien sur « {argument} ».",
		"de": "„{keyword}“ hat nichts zu „{argument}“.",
	},
	wordNothingNow: {
		"en": "“{keyword}” has nothing to tell right now.",
		"fr": "« {keyword} » n'a rien à dire en ce moment.",
		"de": "„{keyword}“ hat gerade nichts zu melden.",
	},
	wordMissing: {
		"en": "Send “{keyword}” and what you are looking for, for example: {example}",
		"fr": "Envoyez « {keyword} » et ce que vous cherchez, par exemple : {example}",
		"de": "Bitte „{keyword}“ und das Gesuchte senden, zum Beispiel: {example}",
	},
	wordNotThere: {
		"en": "“{keyword}” does not know “{argument}”. For example: {example}",
		"fr": "« {keyword} » ne connaît pas « {argument} ». Par exemple : {example}",
		"de": "„{keyword}“ kennt „{argument}“ nicht. Zum Beispiel: {example}",
	},
	wordClosed: {
		"en": "“{keyword}” is closed now. It answers again {next}.",
		"fr": "« {keyword} » est fermé en ce moment. Réponse à nouveau {next}.",
		"de": "„{keyword}“ ist gerade geschlossen. Wieder erreichbar: {next}.",
	},
	wordOver: {
		"en": "“{keyword}” is over.",
		"fr": "« {keyword} » est terminé.",
		"de": "„{keyword}“ ist vorbei.",
	},
	wordNotYet: {
		"en": "“{keyword}” answers from {next} on.",
		"fr": "« {keyword} » répond à partir de {next}.",
		"de": "„{keyword}“ antwortet ab {next}.",
	},
	wordStopDone: {
		"en": "Done: {publisher} sends you nothing more. START brings it back.",
		"fr": "C'est fait : {publisher} ne vous envoie plus rien. START pour revenir.",
		"de": "Erledigt: {publisher} sendet nichts mehr. START bringt es zurück.",
	},
	wordStopped: {
		"en": "You said STOP to {publisher}. Send START to get answers again.",
		"fr": "Vous avez dit STOP à {publisher}. Envoyez START pour avoir de nouveau des réponses.",
		"de": "{publisher} wurde mit STOP beendet. START bringt die Antworten zurück.",
	},
	wordStart: {
		"en": "This is {publisher}. Send a word and get what is current, right now. Nothing is sent unless you ask. MENU shows the words.",
		"fr": "Ici {publisher}. Envoyez un mot et recevez l'actuel, tout de suite. Rien n'est envoyé sans demande. MENU montre les mots.",
		"de": "Hier ist {publisher}. Ein Wort senden, sofort das Aktuelle bekommen. Nichts kommt ungefragt. MENU zeigt die Wörter.",
	},
	wordHelp: {
		"en": "{publisher}: send a word, get what is current. MENU lists the words. STOP ends it. Nothing comes unasked.",
		"fr": "{publisher} : un mot, et l'actuel arrive. MENU : les mots. STOP : fin. Rien sans demande.",
		"de": "{publisher}: Wort senden, Aktuelles bekommen. MENU zeigt die Wörter. STOP beendet. Nichts kommt ungefragt.",
	},
	wordMenu: {
		"en": "{publisher} answers to:",
		"fr": "{publisher} répond à :",
		"de": "{publisher} antwortet auf:",
	},
	wordNoMore: {
		"en": "There is nothing more to show. MENU shows what I answer.",
		"fr": "Il n'y a rien de plus à montrer. MENU montre à quoi je réponds.",
		"de": "Mehr gibt es nicht zu zeigen. MENU zeigt, worauf ich antworte.",
	},
	wordMenuMore: {"en": "More", "fr": "Suite", "de": "Weitere"},
	wordFirst: {
		"en": "You are asking {publisher}. Nothing is sent unless you ask. HELP, STOP.",
		"fr": "Vous interrogez {publisher}. Rien n'est envoyé sans demande. AIDE, STOP.",
		"de": "Hier antwortet {publisher}. Nichts kommt ungefragt. HILFE, STOP.",
	},
	wordUnserved: {
		"en": "I have not learnt that yet. MENU shows what I answer.",
		"fr": "Je n'ai pas encore appris cela. MENU montre à quoi je réponds.",
		"de": "Das habe ich noch nicht gelernt. MENU zeigt, worauf ich antworte.",
	},
	wordDropped: {
		"en": "All right, never mind.",
		"fr": "D'accord, laissons cela.",
		"de": "Gut, erledigt.",
	},
	wordUnsaved: {
		"en": "“{keyword}” never comes unasked, so there is nothing to end. STOP ends everything.",
		"fr": "« {keyword} » ne vient jamais sans demande : il n'y a rien à résilier. STOP met fin à tout.",
		"de": "„{keyword}“ kommt nie ungefragt, es gibt also nichts zu beenden. STOP beendet alles.",
	},
	wordBroken: {
		"en": "Something went wrong on our side. Please ask again.",
		"fr": "Une erreur s'est produite chez nous. Redemandez, s'il vous plaît.",
		"de": "Bei uns ist etwas schiefgegangen. Bitte noch einmal fragen.",
	},
	wordWorking: {
		"en": "Working on it. The answer follows.",
		"fr": "J'y travaille. La réponse suit.",
		"de": "Bin dran. Die Antwort folgt.",
	},
	wordButtonStart: {"en": "START", "fr": "START", "de": "START"},
	wordUnknownNear: {
		"en": "I don't know “{word}”. Do you mean one of these?",
		"fr": "Je ne connais pas « {word} ». Est-ce l'un de ceux-ci ?",
		"de": "„{word}“ kenne ich nicht. Ist eines davon gemeint?",
	},
	wordUnknownOne: {
		"en": "I don't know “{word}”. Do you mean “{keyword}”?",
		"fr": "Je ne connais pas « {word} ». Voulez-vous dire « {keyword} » ?",
		"de": "„{word}“ kenne ich nicht. Ist „{keyword}“ gemeint?",
	},
	wordGreet: {
		"en": "At your service. Send a word and get what is current; MENU shows what I answer.",
		"fr": "À votre service. Envoyez un mot et recevez l'actuel ; MENU montre à quoi je réponds.",
		"de": "Gern zu Diensten. Ein Wort senden, sofort das Aktuelle bekommen; MENU zeigt, worauf ich antworte.",
	},
	wordMean: {
		"en": "Do you mean “{keyword}”?",
		"fr": "Voulez-vous dire « {keyword} » ?",
		"de": "Ist „{keyword}“ gemeint?",
	},
	wordWant: {
		"en": "Would you like “{keyword}”?",
		"fr": "Voulez-vous « {keyword} » ?",
		"de": "Ist „{keyword}“ gewünscht?",
	},
	wordWhich: {
		"en": "Which one? Please send its number or its name.",
		"fr": "Lequel ? Envoyez son numéro ou son nom, s'il vous plaît.",
		"de": "Welches davon? Bitte die Nummer oder den Namen senden.",
	},
	wordDeclined: {
		"en": "All right. MENU shows what else I answer.",
		"fr": "D'accord. MENU montre à quoi d'autre je réponds.",
		"de": "Gut. MENU zeigt, worauf ich sonst antworte.",
	},
	wordQuestionOver: {
		"en": "That question is over. Please ask again; MENU shows what I answer.",
		"fr": "Cette question n'est plus ouverte. Redemandez, s'il vous plaît ; MENU montre à quoi je réponds.",
		"de": "Diese Frage ist abgelaufen. Bitte noch einmal fragen; MENU zeigt, worauf ich antworte.",
	},
	wordCorrected: {
		"en": "Answer for “{keyword}”.",
		"fr": "Réponse pour « {keyword} ».",
		"de": "Antwort zu „{keyword}“.",
	},
	wordNotThat: {"en": "Not that?", "fr": "Ce n'est pas cela ?", "de": "Nicht gemeint?"},
	wordReplyNo: {"en": "Reply NO.", "fr": "Répondez NON.", "de": "NEIN senden."},
	wordDesk: {
		"en": "HUMAN hands you over to a person.",
		"fr": "HUMAIN vous met en relation avec une personne.",
		"de": "MENSCH verbindet mit einem Menschen.",
	},
	wordButtonMenu:  {"en": "MENU", "fr": "MENU", "de": "MENU"},
	wordButtonHuman: {"en": "HUMAN", "fr": "HUMAIN", "de": "MENSCH"},
}

// Languages lists the languages of the service's own texts.
func Languages() []string { return []string{"en", "fr", "de"} }

// say returns a text in a language, filled with pairs of name and value.
func say(w Word, language string, pairs ...string) string {
	text, ok := words[w][base(language)]
	if !ok {
		text = words[w]["en"]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// Working is what an in-band channel says to a reader of a language when its
// own time is up before the answer is there.
func (e *Edition) Working(language string) Reply {
	tag, ok := e.speaks(language)
	if !ok {
		tag = e.Languages[0]
	}
	return Reply{Language: tag, Blocks: []Block{{Kind: Note, Text: say(wordWorking, tag)}}}
}
