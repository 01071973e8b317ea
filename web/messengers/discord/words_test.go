package discord_test

import (
	"errors"
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers/discord"
	"keypull/web/messengers/messengertest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, discord.Kind)
}

func TestSettingsAreRefusedWithTheFieldThatIsWrong(t *testing.T) {
	key := public(private())
	for name, tc := range map[string]struct {
		values map[string]any
		field  string
	}{
		"no token":                {map[string]any{"application_id": application, "public_key": key}, "bot_token"},
		"a token with a break":    {map[string]any{"bot_token": "a\nb", "application_id": application, "public_key": key}, "bot_token"},
		"a name for an id":        {map[string]any{"bot_token": token, "application_id": "lecker", "public_key": key}, "application_id"},
		"half of a key":           {map[string]any{"bot_token": token, "application_id": application, "public_key": key[:32]}, "public_key"},
		"a name for a server":     {map[string]any{"bot_token": token, "application_id": application, "public_key": key, "guild_id": "lecker"}, "guild_id"},
		"a key that is no digits": {map[string]any{"bot_token": token, "application_id": application, "public_key": "x" + key[1:]}, "public_key"},
	} {
		t.Run(name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(discord.Kind.New(), tc.values); !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != tc.field {
				t.Errorf("got %v", err)
			}
		})
	}
}
