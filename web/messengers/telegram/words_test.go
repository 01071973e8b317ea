package telegram_test

import (
	"errors"
	"slices"
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/telegram"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, telegram.Kind)
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"no token and no secret", map[string]any{"token": "a b"}, []string{
			"token: Schreiben Sie das Token, wie @BotFather es gegeben hat: Ziffern, ein Doppelpunkt, dann Buchstaben, Ziffern, _ und -.",
			"secret_token: Ein Webhook braucht ein Geheimnis: Schreiben Sie ein langes, zufälliges Wort aus Buchstaben und Ziffern, oder wählen Sie die Abfrage.",
		}},
		{"an odd secret", map[string]any{"token": "1:a", "secret_token": "ä"},
			[]string{"secret_token: Schreiben Sie nur 1 bis 256 Buchstaben, Ziffern, _ und -."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var problems settings.Problems
			if err := settings.Fill(telegram.Kind.New(), tt.values); !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			var got []string
			for _, p := range problems.In("de") {
				got = append(got, p.Field+": "+p.Message)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
