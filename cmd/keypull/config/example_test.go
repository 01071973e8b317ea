package config_test

import (
	"errors"
	"strings"
	"testing"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/config/configtest"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

func TestTheExampleServesWhateverTheKinds(t *testing.T) { configtest.Run(t, config.TestKinds()) }

type appSettings struct {
	Secret settings.Secret `name:"app_secret" label:"App secret" help:"What the platform signs by." check:"required"`
}

func (*appSettings) Open(messengers.Env) (messengers.App, error) {
	return nil, errors.New("made for tests")
}

func TestTheExampleShowsTheAppThatCarriesAKind(t *testing.T) {
	kinds := config.TestKinds()
	carried := kinds.Messengers[0]
	carried.Name, carried.App = "pages", &messengers.AppKind{
		Name: "pageapp", Title: "Page app", Help: "Pages are connected to it.",
		New: func() settings.Opener[messengers.Env, messengers.App] { return &appSettings{} },
	}
	other := carried
	other.Name = "shops"
	kinds.Messengers = append(kinds.Messengers, carried, other)
	text, err := config.Example(kinds)
	if err != nil || strings.Count(text, "#[[app]]") != 1 || !strings.Contains(text, "#app_secret = \"${PAGEAPP_APP_SECRET}\"") {
		t.Errorf("%v\n%s", err, text)
	}
	configtest.Run(t, kinds)
}
