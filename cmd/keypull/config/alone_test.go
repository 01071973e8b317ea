package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/config"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// halfChannel needs a secret, which an app has where one carries it.
type halfChannel struct {
	Secret settings.Secret `name:"secret" label:"Secret" help:"What the platform signs by." example:"…"`
}

func (*halfChannel) Open(messengers.Env) (messengers.Messenger, error) {
	return nil, errors.New("made for tests")
}

// CheckAlone wants the secret.
func (h *halfChannel) CheckAlone() (found settings.Problems) {
	if h.Secret.Reveal() == "" {
		found = append(found, settings.NewProblem("secret", "required"))
	}
	return found
}

func TestAChannelThatNoAppCarriesNeedsWhatAnAppHas(t *testing.T) {
	kinds := config.TestKinds()
	kinds.Messengers[0].Name = "half"
	kinds.Messengers[0].New = func() settings.Opener[messengers.Env, messengers.Messenger] { return &halfChannel{} }
	kinds.Messengers[0].App = &messengers.AppKind{
		Name: "halves", Title: "App", Help: "It carries halves.",
		New: func() settings.Opener[messengers.Env, messengers.App] { return &appSettings{} },
	}
	const publisher = "[[publisher]]\nid = \"p\"\nname = \"P\"\nlanguages = [\"en\"]\n[[publisher.channel]]\nid = \"c\"\nkind = \"half\"\n"
	for name, tt := range map[string]struct{ text, want string }{
		"alone, without it": {publisher, "publisher.channel.settings.secret: Fill this in: it is required."},
		"alone, with it":    {publisher + "settings = { secret = \"long-random-word\" }\n", ""},
		"carried":           {publisher + "app = \"a\"\n[[app]]\nid = \"a\"\nkind = \"halves\"\nsettings = { app_secret = \"long-random-word\" }\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, found := config.Load(path, func(string) (string, bool) { return "", false }, kinds)
			if len(found) > 0 != (tt.want != "") || tt.want != "" && !strings.Contains(found[0].String(), tt.want) {
				t.Errorf("got %v, want %q", found, tt.want)
			}
		})
	}
}
