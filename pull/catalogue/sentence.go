package catalogue

// The sentences that are no rule's only one.
const (
	keyEndsFirst   = "ends_first"
	keyOver        = "over"
	keyNoPhrases   = "no_phrases"
	keyNoArgument  = "no_argument"
	keyNoList      = "no_list"
	keyNothingLeft = "nothing_left"
	keyStops       = "stops"
	keyCommand     = "command"
	keyTooLong     = "too_long"
	keyTooWordy    = "too_wordy"
	keyPolite      = "polite"
	keyNameTaken   = "name_taken"
	// keyAllCommands: every phrase of a keyword is a command; keyEntryCommand: an
	// entry of its source is.
	keyAllCommands  = "all_commands"
	keyEntryCommand = "entry_command"
)
