package messengers

import (
	"context"
	"time"

	"keypull/pull"
)

// Profile is what readers see of an account before they ask. Maps go by language.
type Profile struct {
	// Name is the publisher's.
	Name string
	// Languages are the publisher's, its own first: what a platform shows in one
	// language alone is shown in that.
	Languages []string
	// Greeting says what the account is for, Command what MENU is called, which
	// every command list and menu may begin with.
	Greeting, Command map[string]string
	// Words are what can be asked, the featured keywords first, at most ten.
	Words map[string][]Word
	// Threads: people of the publisher answer in threads of the account, without naming it.
	Threads bool
}

// Language returns the publisher's own language; "en" where none is known.
func (f Profile) Language() string {
	if len(f.Languages) == 0 {
		return "en"
	}
	return f.Languages[0]
}

// Word is something that can be asked: what readers are shown, and the text or
// payload that comes back as an ask.
type Word struct {
	Label string
	Send  string
}

// profileWords is how many words a profile has at most.
const profileWords = 10

// ProfileOf returns the profile of a publisher's accounts, as it is asked at a moment.
func ProfileOf(e *pull.Edition, at time.Time) Profile {
	f := Profile{Name: e.Name, Languages: e.Languages, Greeting: map[string]string{}, Command: map[string]string{}, Words: map[string][]Word{}}
	for _, l := range e.Languages {
		var entries []pull.Button
		f.Greeting[l], f.Command[l], entries = e.Shown(l, at, profileWords)
		for _, b := range entries {
			f.Words[l] = append(f.Words[l], Word{Label: b.Label, Send: b.Send})
		}
	}
	return f
}

// Drift is a part of an account that stands otherwise at the platform than here.
type Drift struct {
	// Part is "webhook", "events", "profile", "greeting", "words", "commands" or
	// "menu"; Language is that of the part where it has several.
	Part     string `json:"part"`
	Language string `json:"language,omitempty"`
	// Has is what the platform has, Wants what it should have, as people read them.
	Has   string `json:"has"`
	Wants string `json:"wants"`
}

// ProfileSyncer is the option of a messenger whose platform is told by an API where
// deliveries go and which, or shows readers what can be asked.
type ProfileSyncer interface {
	// SyncProfile returns what stands otherwise at the platform than the profile and our
	// hook say, and puts it right where mend is set: called again it then returns
	// nothing, and asks the platform to change nothing. What others have set up
	// there beside it stays. The error is as a Trier's.
	SyncProfile(ctx context.Context, f Profile, mend bool) ([]Drift, error)
}

// Packer is the option of a messenger whose platform takes the profile as files
// that somebody brings there by hand.
type Packer interface {
	// Pack returns those files; the same profile makes the same ones.
	Pack(f Profile) ([]File, error)
}

// File is one such file.
type File struct {
	Name string
	Body []byte
}

// Short returns a text in one line of so many runes at most, cut between graphemes.
func Short(text string, runes int) string { return cutLabel(oneLine(clean(text)), runes) }
