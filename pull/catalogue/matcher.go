package catalogue

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"keypull/pull/settings"
)

// What holds where a matcher says nothing of its own.
const (
	MatcherDeadline = 800 * time.Millisecond
	MatcherMinScore = 60
)

// Matcher is the outlet's own endpoint that is asked what a message meant
// which no keyword is near to. It is off where URL is empty, and counts for
// publishers of the configuration file alone.
type Matcher struct {
	URL      string          `name:"url" label:"Address" help:"The https address of the outlet's own matcher, which may name keywords to offer where a message is not understood. Not set: nobody is asked." check:"url,max=500" example:"https://understand.example.org/match" more:"true" local:"true"`
	Secret   settings.Secret `name:"secret" label:"Secret" help:"What requests are signed with; the endpoint knows it too." check:"min=16,max=200" more:"true" local:"true"`
	Deadline time.Duration   `name:"deadline" label:"Deadline" help:"How long a reader waits for it at most; 800ms where not set." example:"800ms" check:"min=50ms,max=2s" more:"true" local:"true"`
	MinScore int             `name:"min_score" label:"Least score" help:"From which score on a keyword is offered, in percent; 60 where not set." example:"60" check:"min=1,max=100" more:"true" local:"true"`
}

// What only a matcher has to complain of.
const (
	matcherNotSecure = "Write an address that begins with https://, since readers' words are sent there."
	matcherNoSecret  = "Write a secret of 16 characters or more; requests are signed with it."
	matcherNoURL     = "Write the address of the matcher, or take its secret away."
)

// Check finds what no single field shows.
func (m *Matcher) Check() settings.Problems {
	switch {
	case m.URL == "" && m.Secret != "":
		return settings.Problems{settings.NewProblem("url", matcherNoURL)}
	case m.URL == "":
		return nil
	}
	var problems settings.Problems
	if !strings.HasPrefix(strings.ToLower(m.URL), "https://") && !onThisMachine(m.URL) {
		problems = append(problems, settings.NewProblem("url", matcherNotSecure))
	}
	if m.Secret == "" {
		problems = append(problems, settings.NewProblem("secret", matcherNoSecret))
	}
	return problems
}

// onThisMachine reports whether an address is one of this machine, to which
// nothing has to be sent in secret.
func onThisMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// matcherWords are the texts of a matcher.
//
//nolint:gosec,misspell // no credentials but labels; French
var matcherWords = settings.Words{
	"fr": {
		"url.label": "Adresse", "url.help": "L'adresse https de l'interprète du média, qui peut nommer des mots-clés à proposer quand un message n'est pas compris. Vide : personne n'est interrogé.",
		"secret.label": "Secret", "secret.help": "Ce qui signe les requêtes ; l'interprète le connaît aussi.",
		"deadline.label": "Délai", "deadline.help": "Combien de temps un lecteur l'attend au plus ; 800ms si rien n'est indiqué.",
		"min_score.label": "Note minimale", "min_score.help": "À partir de quelle note un mot-clé est proposé, en pour cent ; 60 si rien n'est indiqué.",
		"problem." + matcherNotSecure: "Écrivez une adresse qui commence par https://, car les mots des lecteurs y sont envoyés.",
		"problem." + matcherNoSecret:  "Écrivez un secret de 16 caractères ou plus ; il signe les requêtes.",
		"problem." + matcherNoURL:     "Écrivez l'adresse de l'interprète, ou retirez son secret.",
	},
	"de": {
		"url.label": "Adresse", "url.help": "Die https-Adresse des Deuters, den das Medium selbst betreibt; er kann Stichwörter nennen, die angeboten werden, wenn eine Nachricht nicht verstanden wird. Leer: niemand wird gefragt.",
		"secret.label": "Geheimnis", "secret.help": "Womit Anfragen unterschrieben werden; der Deuter kennt es auch.",
		"deadline.label": "Frist", "deadline.help": "Wie lange ein Leser höchstens darauf wartet; 800ms, wenn nichts angegeben ist.",
		"min_score.label": "Mindestwert", "min_score.help": "Ab welchem Wert ein Stichwort angeboten wird, in Prozent; 60, wenn nichts angegeben ist.",
		"problem." + matcherNotSecure: "Schreiben Sie eine Adresse, die mit https:// beginnt, denn die Worte der Leser werden dorthin gesandt.",
		"problem." + matcherNoSecret:  "Schreiben Sie ein Geheimnis von 16 oder mehr Zeichen; damit werden Anfragen unterschrieben.",
		"problem." + matcherNoURL:     "Schreiben Sie die Adresse des Deuters, oder nehmen Sie sein Geheimnis weg.",
	},
}
