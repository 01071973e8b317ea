package slack_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/slack"
)

func world(t *testing.T) messengers.Env {
	t.Helper()
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	return messengers.Env{Client: client, Clock: messengertest.Now}
}

func carrier(t *testing.T) messengers.App {
	t.Helper()
	opener := slack.AppKind.New()
	if err := settings.Fill(opener, map[string]any{"signing_secret": appSecret}); err != nil {
		t.Fatal(err)
	}
	app, err := opener.Open(messengers.Env{})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func TestTheManifestHasWhatTheKindReads(t *testing.T) {
	for name, command := range map[string]string{"Lecker & Co.": "/lecker-co", "Čtení": "/čtení", "!!": "/ask", strings.Repeat("x", 60): "/" + strings.Repeat("x", 31)} {
		files, err := suite().Open(t, nowhere, nil).(messengers.Packer).Pack(messengers.Profile{
			Name: name, Languages: []string{"fr"}, Greeting: map[string]string{"fr": strings.Repeat("é", 300)},
			Words: map[string][]messengers.Word{"fr": {{Label: "Tiramisu", Send: "k:tiramisu"}, {Label: "Actus", Send: "k:news"}}},
		})
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		var m struct {
			Display  struct{ Name, Description string } `json:"display_information"`
			Features struct {
				Commands []struct{ Command, URL, Description, UsageHint string } `json:"slash_commands"`
			}
			Settings struct {
				Events struct {
					URL    string   `json:"request_url"`
					Events []string `json:"bot_events"`
				} `json:"event_subscriptions"`
				Interactivity struct {
					URL string `json:"request_url"`
				}
			}
		}
		if err := json.Unmarshal(files[0].Body, &m); err != nil {
			t.Fatal(err)
		}
		const hook = "https://example.org/hook/lecker/test"
		if m.Features.Commands[0].Command != command || m.Features.Commands[0].URL != hook || m.Settings.Events.URL != hook || m.Settings.Interactivity.URL != hook {
			t.Errorf("%s: %+v", name, m)
		}
		if len([]rune(m.Display.Name)) > 35 || len([]rune(m.Display.Description)) > 140 || !strings.Contains(string(files[0].Body), "Tiramisu | Actus") {
			t.Errorf("%s: %s", name, files[0].Body)
		}
		if !slices.Equal(m.Settings.Events.Events, slack.Kind.Events) {
			t.Errorf("the guide speaks of other events: %v", m.Settings.Events.Events)
		}
	}
}

func TestWhoHasNoChannelIsToldSo(t *testing.T) {
	r, parts, err := carrier(t).Receive(t.Context(), appSigned(command("T9", "tr.9")))
	if err != nil || len(parts) != 1 || parts[0].Account != "T9" || !strings.Contains(string(r.Body), `"response_type":"ephemeral","text":"Nobody answers`) {
		t.Errorf("%s, %+v, %v", r.Body, parts, err)
	}
}
