package what

// Command is a word of the service itself, the same for every publisher.
type Command string

// The commands. Their words in each language are listed in commands.go.
const (
	CommandStop   Command = "stop"
	CommandStart  Command = "start"
	CommandHelp   Command = "help"
	CommandMenu   Command = "menu"
	CommandMore   Command = "more"
	CommandSave   Command = "save"
	CommandMy     Command = "my"
	CommandMyData Command = "mydata"
	CommandForget Command = "forget"
	CommandLang   Command = "lang"
	CommandHuman  Command = "human"
	CommandWhy    Command = "why"
	CommandLink   Command = "link"
	CommandUnlink Command = "unlink"
)

// Outcome is what a message turned out to be.
type Outcome string

// The four outcomes.
const (
	None     Outcome = "none"
	Run      Outcome = "run"
	Offer    Outcome = "offer"
	Reserved Outcome = "reserved"
)

// Tier names the rule by which a match was found, best first; an entry of a
// vocabulary that is spelt exactly goes before a phrase that is folded.
type Tier string

// The tiers of the first floor. Inflection and typing errors come below them.
const (
	TierCommand    Tier = "command"
	TierExact      Tier = "exact"
	TierFolded     Tier = "folded"
	TierVocabulary Tier = "vocabulary"
	TierArgument   Tier = "argument"
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
	Outcome Outcome
	// Candidates holds the one keyword to run, or up to three to offer.
	Candidates []Candidate
	Command    Command
	Tier       Tier
	// Unknown is the part of the message that no keyword explains.
	Unknown string
	// Probes counts the look-ups in the index it took. Those in the fixed
	// tables of commands and politeness are not among them.
	Probes int
}
