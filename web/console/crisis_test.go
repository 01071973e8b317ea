package console_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

// short is a channel of short messages.
type short struct{ *telegram.Bot }

func (short) Limits() messengers.Limits { return messengers.SMSLimits() }

func TestACrisisTextFitsOneShortMessageWithItsLabel(t *testing.T) {
	until := noon().Add(time.Hour).Format(time.RFC3339)
	for name, c := range map[string]struct {
		text  any
		short bool
		says  string
	}{
		"one that fits":                        {strings.Repeat("x", 130), true, ""},
		"letters outside of the alphabet":      {strings.Repeat("ж", 60), true, "more than one short message: write 8 characters less."},
		"as many as fit of those":              {strings.Repeat("ж", 52), true, ""},
		"one of several languages":             {doc{"en": "Closed.", "fr": strings.Repeat("œ", 70)}, true, "the text in “fr”"},
		"dashes are written as on typewriters": {"Closed – until " + strings.Repeat("x", 100), true, ""},
		"where no short messages are sent":     {strings.Repeat("ж", 60), false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.short {
				d.publishing.Kinds.Messengers[1].Preview = short{telegram.Preview()}
			}
			lecker := d.must(t, people.Owner, "publisher.get", doc{"publisher": "lecker"})
			own := at(t, lecker, "publisher").(map[string]any)
			own["crisis"] = doc{"text": c.text, "until": until}
			_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": lecker["version"], "publisher": own})
			if c.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refusedFields(t, err, "publisher.crisis.text")
			foreignPages(t, err, pull.Invalid, c.says)
		})
	}
}
