package slack_test

import (
	"errors"
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/slack"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, slack.Kind)
}

func TestSettingsAreRefusedWithTheFieldThatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		values map[string]any
		field  string
	}{
		"no token":               {map[string]any{"signing_secret": signing}, "bot_token"},
		"a token with a break":   {map[string]any{"bot_token": "xoxb-1\n", "signing_secret": signing}, "bot_token"},
		"a workspace's own name": {map[string]any{"bot_token": token, "team_id": "lecker"}, "team_id"},
	} {
		t.Run(name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(slack.Kind.New(), tc.values); !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != tc.field {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAChannelIsProvenByOneOfTwo(t *testing.T) {
	client := world(t)
	for name, tc := range map[string]struct {
		values map[string]any
		app    messengers.App
		opens  bool
	}{
		"a secret of its own":       {map[string]any{"bot_token": token, "signing_secret": signing}, nil, true},
		"neither":                   {map[string]any{"bot_token": token}, nil, false},
		"an app":                    {map[string]any{"bot_token": token, "team_id": "T1"}, carrier(t), true},
		"an app that can't tell it": {map[string]any{"bot_token": token}, carrier(t), false},
	} {
		t.Run(name, func(t *testing.T) {
			opener := slack.Kind.New()
			if err := settings.Fill(opener, tc.values); err != nil {
				t.Fatal(err)
			}
			client.App = tc.app
			if _, err := opener.Open(client); (err == nil) != tc.opens {
				t.Errorf("got %v", err)
			}
		})
	}
}
