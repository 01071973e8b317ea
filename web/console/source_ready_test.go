package console_test

import (
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
)

func TestASourceThatCannotBeFetchedIsNotSavedUnlessUntried(t *testing.T) {
	d := newDesk(t)
	d.trials.trial.Err = &pull.Error{Kind: pull.Unavailable, Field: "url", Hint: words.Verbatim("there is nothing at this address (404)")}
	in := of(doc{"source": feedDoc(nil)})
	_, err := d.try(t, people.Editor, "source.create", in)
	refusedFields(t, err, "source.settings.url")
	if _, ok := d.Publisher("lecker").Source("sport"); ok {
		t.Error("it was saved")
	}
	in["untried"] = true
	d.must(t, people.Editor, "source.create", in)

	d.trials.trial.Err = &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("the page is no feed")}
	_, err = d.try(t, people.Editor, "source.update", of(doc{"id": "sport", "version": "*",
		"source": feedDoc(doc{"settings": doc{"url": "https://example.org/page"}})}))
	refusedFields(t, err, "source.settings.url")
	d.must(t, people.Editor, "source.update", of(doc{"id": "sport", "version": "*", "source": feedDoc(doc{"max_age": "1h"})}))
}

func TestASourceThatNeedsAReadersWordsIsSaved(t *testing.T) {
	d := newDesk(t)
	d.trials.trial.Err = &pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Verbatim("say which company")}
	d.must(t, people.Editor, "source.create", of(doc{"source": feedDoc(nil)}))
}

func TestASecretDoesNotFollowItsAddressToAnotherHost(t *testing.T) {
	d := newDesk(t)
	update := func(token, base string) error {
		_, err := d.try(t, people.Editor, "channel.update", of(doc{"id": "tg", "version": "*",
			"channel": botDoc(doc{"token": token, "secret_token": "", "api_base": base})}))
		return err
	}
	refusedFields(t, update(settings.Mask, "https://collector.example"), "channel.settings.token")
	if err := update("1:new-one", "https://collector.example"); err != nil {
		t.Errorf("a secret that is entered anew goes where it is meant to: %v", err)
	}
	if err := update(settings.Mask, "https://collector.example/bot"); err != nil {
		t.Errorf("another path of the same host: %v", err)
	}
	_, err := d.try(t, people.Editor, "channel.check", of(doc{"id": "tg",
		"channel": botDoc(doc{"token": settings.Mask, "secret_token": "", "api_base": "https://elsewhere.example"})}))
	refusedFields(t, err, "channel.settings.token")
}
