package webchat

import "strings"

// What readers are told who have to wait, in their own languages.
const (
	manyAsks     = "asks"
	manySessions = "sessions"
	manyStreams  = "streams"
	tooFast      = "fast"
)

//nolint:misspell // French
var tellings = map[string]map[string]string{
	"en": {
		manyAsks:     "Many questions came from your network just now. Please wait a moment and ask again.",
		manySessions: "Many readers began from your network just now. Please wait a moment and ask again.",
		manyStreams:  "Many chats are open from your network. Please close one, or wait a moment.",
		tooFast:      "You ask faster than we can answer. Please wait a second.",
	},
	"fr": {
		manyAsks:     "Beaucoup de questions viennent d’arriver de votre réseau. Attendez un instant, puis redemandez.",
		manySessions: "Beaucoup de lecteurs viennent de commencer depuis votre réseau. Attendez un instant, puis redemandez.",
		manyStreams:  "Beaucoup de discussions sont ouvertes depuis votre réseau. Fermez-en une, ou attendez un instant.",
		tooFast:      "Vous demandez plus vite que nous ne pouvons répondre. Attendez une seconde.",
	},
	"de": {
		manyAsks:     "Aus Ihrem Netz kamen gerade viele Fragen. Bitte warten Sie einen Moment und fragen Sie noch einmal.",
		manySessions: "Aus Ihrem Netz haben gerade viele Leser begonnen. Bitte warten Sie einen Moment und fragen Sie noch einmal.",
		manyStreams:  "Aus Ihrem Netz sind viele Chats offen. Bitte schließen Sie einen, oder warten Sie einen Moment.",
		tooFast:      "Sie fragen schneller, als wir antworten können. Bitte warten Sie eine Sekunde.",
	},
}

func told(tongue, sentence string) string { return tellings[tongue][sentence] }

// tongueOf is the language that a reader is told something in: the one of the
// message, else the first of the browser's that we speak.
func tongueOf(language string, header map[string][]string) string {
	wanted := []string{language}
	for _, line := range header["Accept-Language"] {
		wanted = append(wanted, strings.Split(line, ",")...)
	}
	for _, tag := range wanted {
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if _, spoken := tellings[tag]; spoken {
			return tag
		}
	}
	return "en"
}
