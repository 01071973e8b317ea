package pull

import (
	"slices"
	"strings"
	"time"

	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// Word names one text that the service itself says to readers: a key of the
// message files.
type Word string

// The texts. What stands in braces is filled in.
const (
	wordUnknown    Word = "reply.unknown"     // {word}
	wordEmpty      Word = "reply.empty"       //
	wordOffer      Word = "reply.offer"       //
	wordRefused    Word = "reply.refused"     // {keyword} {why}
	wordTooOld     Word = "reply.too_old"     // {keyword} {why} {stamp}
	wordNothing    Word = "reply.nothing"     // {keyword} {argument}
	wordNothingNow Word = "reply.nothing_now" // {keyword}
	wordExample    Word = "reply.example"     // {example}
	wordMissing    Word = "reply.missing"     // {keyword} {example}
	wordNotThere   Word = "reply.not_there"   // {keyword} {argument} {example}
	wordClosed     Word = "reply.closed"      // {keyword} {next}
	wordOver       Word = "reply.over"        // {keyword}
	wordNotYet     Word = "reply.not_yet"     // {keyword} {next}
	wordStopDone   Word = "reply.stop_done"   // {publisher}
	wordStopped    Word = "reply.stopped"     // {publisher}
	wordStart      Word = "reply.start"       // {publisher}
	wordHelp       Word = "reply.help"        // {publisher}
	wordMenu       Word = "reply.menu"        // {publisher}
	wordMenuMore   Word = "reply.menu_more"   //
	wordNoMore     Word = "reply.no_more"     //
	wordFirst      Word = "reply.first"       // {publisher}
	wordUnserved   Word = "reply.unserved"    //
	wordDropped    Word = "reply.dropped"     //
	wordUnsaved    Word = "reply.unsaved"     // {keyword}
	wordBroken     Word = "reply.broken"      //
	wordWorking    Word = "reply.working"     //

	wordSilent         Word = "reply.silent"          //
	wordNothingCurrent Word = "reply.nothing_current" //
	wordCrowded        Word = "reply.crowded"         //
	wordSpent          Word = "reply.spent"           //
	wordGathering      Word = "reply.gathering"       //
	wordReading        Word = "reply.reading"         // {keyword}
	wordReadingPages   Word = "reply.reading_pages"   // {keyword} {read} {all}
	wordAgainSoon      Word = "reply.again_soon"      //
	wordAgainAt        Word = "reply.again_at"        // {again}
	wordEarlier        Word = "reply.earlier"         // {n}
	wordOverdue        Word = "reply.overdue"         // {keyword} {stamp}
	wordWithdrawn      Word = "reply.withdrawn"       // {keyword}
	wordWithdrawnOf    Word = "reply.withdrawn_of"    // {title} {text}
	wordAmended        Word = "reply.amended"         // {text}
	wordAmendedOf      Word = "reply.amended_of"      // {title} {text}

	wordUnknownNear  Word = "reply.unknown_near"  // {word}
	wordUnknownOne   Word = "reply.unknown_one"   // {word} {keyword}
	wordGreet        Word = "reply.greet"         //
	wordMean         Word = "reply.mean"          // {keyword}
	wordInside       Word = "reply.inside"        // {keyword} {title}
	wordWant         Word = "reply.want"          // {keyword}
	wordWhich        Word = "reply.which"         //
	wordDeclined     Word = "reply.declined"      //
	wordQuestionOver Word = "reply.question_over" //
	wordCorrected    Word = "reply.corrected"     // {keyword}
	wordCrisis       Word = "reply.crisis"        // {text}
	wordNotThat      Word = "reply.not_that"      //
	wordAsChosen     Word = "reply.as_chosen"     //
	wordMyChoices    Word = "reply.my_choices"    //
	wordWhichOf      Word = "reply.which_of"      // {examples}
	wordReplyNo      Word = "reply.reply_no"      //
	wordConsent      Word = "reply.consent"       // {text}
	wordStaffOnly    Word = "reply.staff_only"    //
	wordKeepsNothing Word = "reply.keeps_nothing" //
	wordNotKept      Word = "reply.not_kept"      //

	wordKept          Word = "reply.kept"           // {name} {value}
	wordKeptTooLong   Word = "reply.kept_too_long"  // {n}
	wordKeptFull      Word = "reply.kept_full"      //
	wordUnkept        Word = "reply.unkept"         // {name}
	wordShortKept     Word = "reply.short_kept"     //
	wordLongKept      Word = "reply.long_kept"      //
	wordPlainKept     Word = "reply.plain_kept"     //
	wordLanguageKept  Word = "reply.language_kept"  //
	wordWhichLanguage Word = "reply.which_language" //
	wordWhichFact     Word = "reply.which_fact"     // {name}
	wordForPlace      Word = "reply.for_place"      // {place}
	wordRememberThat  Word = "reply.remember_that"  // {value}
	wordRememberFact  Word = "reply.remember_fact"  // {name} {value}
	wordDesk          Word = "reply.desk"           //
	wordSeveral       Word = "reply.several"        // {argument}
	wordNearest       Word = "reply.nearest"        // {keyword} {argument}
	wordSeveralMore   Word = "reply.several_more"   // {argument} {n}

	wordSavedFirst     Word = "reply.saved_first"     // {names}
	wordSaved          Word = "reply.saved"           // {names}
	wordSavedBefore    Word = "reply.saved_before"    // {names}
	wordSavedFull      Word = "reply.saved_full"      // {names} {n}
	wordListsFull      Word = "reply.lists_full"      // {names} {n}
	wordNoRoom         Word = "reply.no_room"         // {names}
	wordSaveWhat       Word = "reply.save_what"       //
	wordRemoved        Word = "reply.removed"         // {names}
	wordNothingSaved   Word = "reply.nothing_saved"   //
	wordMyNames        Word = "reply.my_names"        //
	wordRemoveOne      Word = "reply.remove_one"      // {keyword}
	wordListGone       Word = "reply.list_gone"       // {list}
	wordListEmpty      Word = "reply.list_empty"      // {list}
	wordListed         Word = "reply.listed"          // {list} {names}
	wordUnchangedOf    Word = "reply.unchanged_of"    // {names}
	wordNamesSince     Word = "reply.names_since"     // {names} {moment}
	wordInviteSave     Word = "reply.invite_save"     //
	wordSinceUnchanged Word = "reply.since_unchanged" // {moment}
	wordSinceChange    Word = "reply.since_change"    // {change} {moment}
	wordSinceNew       Word = "reply.since_new"       // {n} {moment}
	wordSinceUpdated   Word = "reply.since_updated"   // {moment}
	wordWelcome        Word = "reply.welcome"         //
	wordWrong          Word = "reply.wrong"           //
	wordThumb          Word = "reply.thumb"           //
	wordNoneNow        Word = "reply.none_now"        // {names}
	wordNoEntry        Word = "reply.no_entry"        // {n}

	wordGroup          Word = "reply.group"           // {publisher}
	wordStopGroup      Word = "reply.stop_group"      // {publisher}
	wordAside          Word = "reply.aside"           // {publisher}
	wordElsewhere      Word = "reply.elsewhere"       // {publisher}
	wordRightData      Word = "reply.right_data"      //
	wordRightForget    Word = "reply.right_forget"    //
	wordRightHuman     Word = "reply.right_human"     //
	wordRightNobody    Word = "reply.right_nobody"    //
	wordRightWhy       Word = "reply.right_why"       //
	wordWriteTo        Word = "reply.write_to"        // {publisher} {contact}
	wordTurnTo         Word = "reply.turn_to"         // {publisher}
	wordNotice         Word = "reply.notice"          // {privacy}
	wordProofCode      Word = "reply.proof_code"      // {code}
	wordProofNone      Word = "reply.proof_none"      //
	wordProofWhich     Word = "reply.proof_which"     //
	wordProofUnknown   Word = "reply.proof_unknown"   // {publisher}
	wordProofLimited   Word = "reply.proof_limited"   //
	wordProofTrue      Word = "reply.proof_true"      // {publisher} {sent}
	wordProofAbout     Word = "reply.proof_about"     // {keyword}
	wordProofAsOf      Word = "reply.proof_as_of"     // {moment}
	wordProofFetched   Word = "reply.proof_fetched"   // {moment}
	wordProofWithdrawn Word = "reply.proof_withdrawn" //
	wordProofAmended   Word = "reply.proof_amended"   // {text}

	wordWhyExact      Word = "why.exact"      // {said} {keyword}
	wordWhySpelling   Word = "why.spelling"   // {said} {keyword}
	wordWhySense      Word = "why.sense"      // {said} {keyword}
	wordWhyTaken      Word = "why.taken"      // {keyword}
	wordWhyBefore     Word = "why.before"     // {said} {keyword}
	wordWhyOffered    Word = "why.offered"    // {said}
	wordWhyMissed     Word = "why.missed"     // {said}
	wordWhyNothing    Word = "why.nothing"    //
	wordWhyAsked      Word = "why.asked"      // {seconds}
	wordWhyRemembered Word = "why.remembered" // {value}
	wordWhyHeld       Word = "why.held"       // {moment}
	wordWhyStale      Word = "why.stale"      // {moment}
	wordWhyRefused    Word = "why.refused"    //
	wordWhyPhrase     Word = "why.phrase"     //
	wordWhyChosen     Word = "why.chosen"     //
	wordWhyPlatform   Word = "why.platform"   //
	wordWhyPublisher  Word = "why.publisher"  //
	wordWhyKept       Word = "why.kept"       // {moment}

	wordDataIntro      Word = "data.intro"      // {publisher}
	wordDataLanguage   Word = "data.language"   // {value}
	wordDataZone       Word = "data.zone"       // {value}
	wordDataSettings   Word = "data.settings"   // {value}
	wordDataSaved      Word = "data.saved"      // {value}
	wordDataLaters     Word = "data.laters"     // {value}
	wordDataConsent    Word = "data.consent"    // {moment}
	wordDataRefused    Word = "data.refused"    // {moment}
	wordDataStopped    Word = "data.stopped"    // {moment}
	wordDataFirst      Word = "data.first"      // {moment}
	wordDataLast       Word = "data.last"       // {day}
	wordDataClicks     Word = "data.clicks"     //
	wordDataRecent     Word = "data.recent"     // {value}
	wordDataUnanswered Word = "data.unanswered" // {value}
	wordDataRecords    Word = "data.records"    // {moment}
	wordDataAddress    Word = "data.address"    // {value}
	wordDataCode       Word = "data.code"       // {value}
	wordDataCorrect    Word = "data.correct"    //
	wordDataFile       Word = "data.file"       // {moment} {link}
	wordDataNothing    Word = "data.nothing"    //

	wordAboutWho   Word = "about.who"   // {publisher} {n}
	wordAboutAsked Word = "about.asked" // {asked} {percent}
	wordAboutAge   Word = "about.age"   // {age}
	wordAboutFew   Word = "about.few"   // {n}

	wordForMembers     Word = "member.only"        // {keyword} {publisher}
	wordForSubscribers Word = "member.subscribers" // {keyword} {publisher}
	wordSendCode       Word = "member.send"        //
	wordJoined         Word = "member.joined"      // {names}
	wordJoinedBefore   Word = "member.before"      // {names}
	wordJoinAlone      Word = "member.alone"       //
	wordGuessed        Word = "member.guessed"     // {moment}
	wordDataMember     Word = "data.member"        // {value}

	wordMoveCode Word = "move.code" // {publisher} {moment} {code}
	wordMoveAsk  Word = "move.ask"  //
	wordMoveDone Word = "move.done" //
	wordMoveOver Word = "move.over" //
	wordMoveHere Word = "move.here" // {publisher}

	wordAlarmJoined Word = "alarm.joined"  // {publisher}
	wordAlarmNever  Word = "alarm.never"   //
	wordAlarmOver   Word = "alarm.expired" //

	wordUnreadImage    Word = "unread.image"    //
	wordUnreadSound    Word = "unread.sound"    //
	wordUnreadVideo    Word = "unread.video"    //
	wordUnreadDocument Word = "unread.document" //
	wordUnreadPlace    Word = "unread.place"    //
	wordUnreadSticker  Word = "unread.sticker"  //
	wordUnreadContact  Word = "unread.contact"  //

	wordConsentAgain  Word = "consent.again"  // {text}
	wordConsentAgreed Word = "consent.agreed" //

	wordForgetAsk     Word = "forget.ask"     //
	wordForgetDone    Word = "forget.done"    // {publisher}
	wordForgetStopped Word = "forget.stopped" //
	wordForgetKept    Word = "forget.kept"    //

	wordPaidSaid Word = "reply.paid_said" // {publisher} {keyword}
	wordPaid     Word = "reply.paid"      //
	// The same where it did not come.
	wordLackingSaid Word = "reply.lacking_said" // {publisher} {keyword}
	wordLacking     Word = "reply.lacking"      //
	wordStopPaid    Word = "reply.stop_paid"    // {publisher}
	wordStopHere    Word = "reply.stop_here"    //
	wordCalm        Word = "reply.calm"         //
	wordDanger      Word = "reply.danger"       //
	wordBot         Word = "reply.bot"          // {publisher}

	wordLaterDone    Word = "reply.later_done"    // {keyword} {when}
	wordLaterCame    Word = "reply.later_came"    // {when}
	wordLaterList    Word = "reply.later_list"    // {zone}
	wordLaterNone    Word = "reply.later_none"    //
	wordLaterDropped Word = "reply.later_dropped" // {keyword} {when}
	wordLaterFull    Word = "reply.later_full"    // {n}
	wordLaterFar     Word = "reply.later_far"     // {when}
	wordLaterPast    Word = "reply.later_past"    // {when}
	wordLaterWindow  Word = "reply.later_window"  // {keyword} {when}
	wordLaterNever   Word = "reply.later_never"   // {keyword}
	wordLaterRecurs  Word = "reply.later_recurs"  // {keyword}
	wordLaterOnce    Word = "reply.later_once"    // {when}
	wordLaterLapsed  Word = "reply.later_lapsed"  // {keyword} {when}
	wordOtherDay     Word = "reply.other_day"     // {day}

	wordOwedOffer   Word = "reply.owed_offer"   // {when}
	wordOwedDone    Word = "reply.owed_done"    // {said} {when}
	wordOwedCame    Word = "reply.owed_came"    // {said} {when}
	wordOwedLine    Word = "reply.owed_line"    // {said} {when}
	wordOwedDropped Word = "reply.owed_dropped" // {said}
	wordOwedLapsed  Word = "reply.owed_lapsed"  // {said}
	wordOwedWhat    Word = "reply.owed_what"    //
	wordOwedNever   Word = "reply.owed_never"   //
	wordOwedFull    Word = "reply.owed_full"    // {n}
	wordOwedCrowded Word = "reply.owed_crowded" //

	wordButtonOwe     Word = "command.owe"
	wordButtonLater   Word = "command.later"
	wordButtonUnlater Word = "command.unlater"

	wordFactCity     Word = "fact.city"
	wordFactLanguage Word = "fact.language"
	wordFactZone     Word = "fact.time_zone"
	wordFactLength   Word = "fact.length"
	wordFactPlain    Word = "fact.plain"

	wordDataTalk    Word = "data.talk"    // {moment}
	wordTalkAsked   Word = "talk.asked"   // {publisher}
	wordTalkWaits   Word = "talk.waits"   // {publisher} {moment}
	wordTalkStill   Word = "talk.still"   // {publisher}
	wordTalkPassed  Word = "talk.passed"  // {publisher}
	wordTalkAway    Word = "talk.away"    // {publisher}
	wordTalkNext    Word = "talk.next"    // {moment}
	wordTalkLeave   Word = "talk.leave"   //
	wordTalkLeft    Word = "talk.left"    // {publisher}
	wordTalkPerson  Word = "talk.person"  // {publisher}
	wordTalkBack    Word = "talk.back"    //
	wordTalkLapsed  Word = "talk.lapsed"  //
	wordTalkVain    Word = "talk.vain"    // {publisher}
	wordTalkDropped Word = "talk.dropped" //
	wordTalkSorry   Word = "talk.sorry"   //

	wordTopicSubscription Word = "topic.subscription"
	wordTopicDelivery     Word = "topic.delivery"
	wordTopicNewsroom     Word = "topic.newsroom"

	wordRequestCancel    Word = "request.cancel"    //
	wordRequestUnfit     Word = "request.unfit"     //
	wordRequestTimes     Word = "request.times"     //
	wordRequestLater     Word = "request.later"     //
	wordRequestNoTime    Word = "request.no_time"   // {keyword}
	wordRequestNotThen   Word = "request.not_then"  //
	wordRequestTaken     Word = "request.taken"     //
	wordRequestSum       Word = "request.sum"       // {keyword}
	wordRequestSent      Word = "request.sent"      // {number}
	wordRequestCalendar  Word = "request.calendar"  //
	wordRequestAlone     Word = "request.alone"     // {keyword}
	wordRequestFull      Word = "request.full"      // {n}
	wordRequestUnknown   Word = "request.unknown"   // {publisher}
	wordRequestOf        Word = "request.of"        // {keyword} {moment}
	wordRequestReceived  Word = "request.received"  //
	wordRequestInWork    Word = "request.in_work"   //
	wordRequestDone      Word = "request.done"      //
	wordRequestCancelled Word = "request.cancelled" //
	wordRequestTakeBack  Word = "request.take_back" //
	wordRequestEnd       Word = "request.end"       // {keyword}
	wordDataRequests     Word = "data.requests"     // {value}

	wordYes         Word = "command.yes"
	wordNo          Word = "command.no"
	wordButtonStart Word = "command.start"
	wordButtonSave  Word = "command.save"
	wordButtonMy    Word = "command.my"
	wordButtonMenu  Word = "command.menu"
	wordButtonHuman Word = "command.human"
	wordStop        Word = "command.stop"
	wordHelpMe      Word = "command.help"
	wordForgetMe    Word = "command.forget"
)

// inLanguage returns a text in a language, filled with pairs of name and value.
func (w Word) inLanguage(language string, pairs ...any) string {
	var args words.Args
	if len(pairs) > 0 {
		args = make(words.Args, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		args[name] = pairs[i+1]
	}
	return words.Core().Say(language, string(w), args)
}

// servedLanguage returns the language of the service's own texts: the first of these and of
// the publisher's in which readers are served, else the client's, else English.
func (e *Edition) servedLanguage(language, client string) string {
	if words.Serves(language) {
		return language
	}
	if at := slices.IndexFunc(e.Languages, words.Serves); at >= 0 {
		return e.Languages[at]
	}
	return client
}

// Working returns what an in-band channel says to a reader of a language when its
// own time is up before the answer is there.
func (e *Edition) Working(language string) Reply {
	tag := e.answerLanguage(language)
	return Reply{Language: tag, Blocks: []Block{{Kind: Note, Text: wordWorking.inLanguage(e.servedLanguage(tag, language))}}}
}

// Suggest returns what readers of a language can ask that begins, or has a word
// that begins, with what one of them has typed so far: what the publisher puts
// first, then the menu; at most so many.
func (e *Edition) Suggest(language, typed string, at time.Time, most int) []Button {
	tag := e.answerLanguage(language)
	want := textform.Fold(typed)
	var found []Button
	for b := range e.menuFor(tag, language, at).menuButtons() {
		if len(found) >= most {
			break
		}
		if beginsWord(b.Label, want) {
			found = append(found, b)
			continue
		}
		k := e.keywordByID(strings.TrimPrefix(b.Send, tapKeyword))
		if k == nil {
			continue
		}
		for phrase := range e.keywordNames(k, tag) {
			if beginsWord(phrase, want) {
				found = append(found, Button{Label: phrase, Send: b.Send})
				break
			}
		}
	}
	return found
}

// beginsWord tells whether a phrase, or a word of it, begins so.
func beginsWord(phrase, want string) bool {
	return strings.Contains(" "+textform.Fold(phrase), " "+want)
}
