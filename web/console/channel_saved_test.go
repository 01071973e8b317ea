package console_test

import (
	"errors"
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers/telegram"
)

func TestAChannelIsSavedUnlessItsPlatformRefusesTheAccount(t *testing.T) {
	d := newDesk(t)
	bot := &account{Bot: telegram.Preview()}
	d.trials.opens = bot
	with := func(id string) doc {
		return of(doc{"ask": true, "channel": doc{"id": id, "kind": "telegram", "settings": doc{"token": "7:abc"}}})
	}
	bot.wrong = &pull.Error{Kind: pull.Denied, Field: "token", Hint: words.Verbatim("no such bot")}
	if _, err := d.try(t, people.Editor, "channel.create", with("refused")); console.KindOf(err) != pull.Invalid {
		t.Errorf("refused: %v", err)
	}
	bot.wrong = errors.New("nobody there")
	if out := d.must(t, people.Editor, "channel.create", with("silent")); out["unreached"] == nil {
		t.Errorf("nobody answered: %v", out)
	}
	bot.wrong = nil
	if out := d.must(t, people.Editor, "channel.create", with("good")); out["unreached"] != nil {
		t.Errorf("good: %v", out)
	}
	made := map[any]bool{}
	for _, id := range []string{"silent", "good"} {
		c, _ := d.Publisher("lecker").Channel(id)
		word, _ := c.Settings["secret_token"].(string)
		if len(word) < 32 || made[word] {
			t.Errorf("the secret of %s is %q", id, word)
		}
		made[word] = true
	}
	bot.tried = false
	before, _ := d.Publisher("lecker").Channel("good")
	d.must(t, people.Editor, "channel.update", of(doc{"ask": true, "id": "good", "version": "*", "channel": doc{"id": "good", "kind": "telegram", "settings": doc{"token": "7:abc"}}}))
	after, _ := d.Publisher("lecker").Channel("good")
	if bot.tried || before.Settings["secret_token"] != after.Settings["secret_token"] {
		t.Error("nothing changed, and the platform was asked or another secret made")
	}
}
