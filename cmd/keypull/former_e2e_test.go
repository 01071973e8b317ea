package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// TestFormerSecretsAreTakenForAsLongAsTheChannelSays changes the secret by which a
// platform proves what it delivers, while the service runs and over a restart.
func TestFormerSecretsAreTakenForAsLongAsTheChannelSays(t *testing.T) {
	api := newBotAPI(t)
	before, after := hookSecret, "e2e-secret-after-the-change"
	config := func(secret, overlap string) string {
		channel := strings.Replace(telegramBlock(api.URL), quoted("secret_token", before), quoted("secret_token", secret), 1)
		return textBlock("hours", "Open from 9 to 17.") + strings.Replace(channel, "[publisher.channel.settings]", overlap+"\n[publisher.channel.settings]", 1)
	}
	s := serveConfig(t, config(before, `overlap = "1h"`))
	s.log.keepOut(after)
	rewrite := func(text string) {
		t.Helper()
		if err := os.WriteFile(s.path, []byte(serviceHead+text), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, stdout, stderr := s.run("reload"); code != cli.Done {
			t.Fatalf("reload ended with %d: %s%s", code, stdout, stderr)
		}
	}
	proven := func(when string, want map[string]int) {
		t.Helper()
		for secret, status := range want {
			got := request(t, http.MethodPost, s.URL+"/hook/lecker/tg", messageUpdate(newUpdate(), newChat(), "hours"),
				map[string]string{"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret})
			if got.status != status {
				t.Errorf("%s: what %q proves is answered %d, want %d", when, secret, got.status, status)
			}
		}
	}
	const ok, no = http.StatusOK, http.StatusUnauthorized
	proven("at first", map[string]int{before: ok, after: no, "guessed": no})
	rewrite(config(after, `overlap = "1h"`))
	proven("within the hour", map[string]int{before: ok, after: ok, "guessed": no})
	if h := s.channels.Find("lecker", "tg").Health(); h.Formerly != 1 || h.Unproven != 1 {
		t.Errorf("counted: %+v", h)
	}
	s.restart()
	proven("after a restart", map[string]int{before: ok, after: ok, "guessed": no})
	s.clock.advance(61 * time.Minute)
	proven("after the hour", map[string]int{before: no, after: ok})
	// Without an overlap the former one ends at once, and none is kept.
	rewrite(config(before, ""))
	proven("without an overlap", map[string]int{before: ok, after: no})
	if kept, err := s.placeOf("lecker", "secrets/tg").Load(t.Context()); err != nil || kept != nil {
		t.Errorf("kept are %q, %v", kept, err)
	}
	s.settled()
}
