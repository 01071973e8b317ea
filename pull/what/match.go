package what

import (
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
)

// Decision is what a message turned out to be.
type Decision string

// The four outcomes.
const (
	None     Decision = "none"
	Run      Decision = "run"
	Offer    Decision = "offer"
	Reserved Decision = "reserved"
)

// Tier names the rule by which a match was found, best first; an entry of a
// vocabulary that is spelt exactly goes before a phrase that is folded.
type Tier string

// The tiers.
const (
	TierCommand    Tier = "command"
	TierExact      Tier = "exact"
	TierFolded     Tier = "folded"
	TierVocabulary Tier = "vocabulary"
	// TierFiller: the phrase stands among words that only ask for it.
	TierFiller Tier = "filler"
	// TierOrder: the phrase's words in another order, articles aside.
	TierOrder    Tier = "order"
	TierArgument Tier = "argument"
	// TierStem: the phrase's words in another inflection.
	TierStem Tier = "stem"
	// TierTyping: a typing error away.
	TierTyping Tier = "typing"
	// TierScript: written in another script or on another keyboard.
	TierScript Tier = "script"
	// TierPart: some words of a phrase, or a phrase inside a sentence.
	TierPart Tier = "part"
)

// Reason says why a match is an offer or none and not a run.
type Reason string

// The reasons. A run has none.
const (
	// ReasonTie: several keywords fit equally well.
	ReasonTie Reason = "tie"
	// ReasonUnsure: a typing error that could also be something else.
	ReasonUnsure Reason = "unsure"
	// ReasonPart: some words of a phrase only.
	ReasonPart Reason = "part"
	// ReasonSentence: the phrase stands inside a sentence that may not ask for it.
	ReasonSentence Reason = "sentence"
	// ReasonNegated: the sentence says not to.
	ReasonNegated Reason = "negated"
	// ReasonCommon: the phrase is an ordinary word too.
	ReasonCommon Reason = "common"
	// ReasonUnknown: no keyword is near.
	ReasonUnknown Reason = "unknown"
)

// Candidate is one keyword that a message may have meant.
type Candidate struct {
	Keyword  string
	Argument string
	// Phrase is the keyword's own spelling of what was recognised, Language
	// the language that the phrase belongs to.
	Phrase   string
	Language string
}

// Match is the answer of the index to one message.
type Match struct {
	Decision Decision
	// Candidates holds the keyword to run, or up to three to offer; for Save and
	// Unsave the keyword that is meant, if one is named. Several to run are all
	// asked for, in this order: Options.Wishes says how many there may be.
	Candidates []Candidate
	Command    command.Command
	// Instructions are what the command may have in it, where it was worded with something,
	// the likeliest first; its words, if they name keywords, are the Candidates. Beside
	// another decision they are what the message is instead, if its reader has what one is
	// about: a list of that name, an answer to go on from.
	Instructions []instruction.Instruction
	Tier         Tier
	Reason       Reason
	// Corrected says that the keyword is not spelt as the reader typed it, so
	// that the answer must name it and give the way back; or that the command is not,
	// and may be the name of something.
	Corrected bool
	// Amid says that the command was told by the words of a message that no list has, which may be an answer.
	Amid bool
	// Runners are what else came near, best first, at most five; those that
	// are offered are not among them.
	Runners []Candidate
	// Fitting is how many phrases and entries have the words of the message and
	// more, where some of these are offered; 0 elsewhere.
	Fitting int
	// Core is what was asked in normal form, without the words that only ask.
	Core string
	// Unknown is the part of the message that no keyword explains.
	Unknown string
	// Certainty tells why it was run, offered or passed over, where words stand
	// around what was found.
	Certainty Certainty
	// Passed tells why words beside what was found were not taken for its argument.
	Passed Certainty
	// Probes counts the look-ups in the index it took. Those in the fixed
	// tables of commands and languages are not among them.
	Probes int
}
