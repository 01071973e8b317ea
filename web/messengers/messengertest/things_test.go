package messengertest_test

import (
	"slices"
	"testing"

	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// lies8 are about what readers send in place of words.
func lies8() map[string]lie {
	comesWith := func(kind what.MediaType) func(messengers.Incoming) bool {
		return func(in messengers.Incoming) bool {
			return slices.ContainsFunc(in.Attachments, func(m what.Media) bool { return m.Type == kind })
		}
	}
	return map[string]lie{
		"a recording is swallowed": {liar{said: func(r *messengers.Receipt) {
			r.Asks = slices.DeleteFunc(r.Asks, comesWith(what.Sound))
		}}, "of recordings that come without words 0 asks arrive"},
		"a picture is nothing": {liar{said: eachAsk(func(in *messengers.Incoming) {
			if comesWith(what.Image)(*in) {
				in.Attachments = nil
			}
		})}, "who sends pictures is told"},
		"a file is told by a name that nobody can fetch by": {liar{said: eachAsk(func(in *messengers.Incoming) {
			if comesWith(what.Document)(*in) {
				in.Attachments[0].Ref = "F1"
			}
		})}, "the messenger is no Fetcher"},
		"a file is a video": {liar{said: eachAsk(func(in *messengers.Incoming) {
			if comesWith(what.Document)(*in) {
				in.Attachments[0].Type = what.Video
			}
		})}, "who sends files is told"},
		"a video is called by its name": {liar{said: eachAsk(func(in *messengers.Incoming) {
			if comesWith(what.Video)(*in) {
				in.Text = "MOV_0001.mp4"
			}
		})}, "who sends videos is told"},
	}
}

func TestACaseShowsEachThingThatReadersMaySend(t *testing.T) {
	for says, change := range map[string]func(*messengertest.Case){
		"or by Lacks[messengertest.Contacts] why":                       func(c *messengertest.Case) { delete(c.Brings, messengertest.Contacts) },
		"or by Lacks[messengertest.Places] why":                         func(c *messengertest.Case) { delete(c.Lacks, messengertest.Places) },
		"the case lacks stickers, and shows":                            func(c *messengertest.Case) { c.Lacks[messengertest.Stickers] = "nobody sends one here" },
		"the case lacks things, and shows":                              func(c *messengertest.Case) { c.Lacks[messengertest.Things] = "nobody sends one here" },
		`a case brings "songs", which is none of the things`:            func(c *messengertest.Case) { c.Brings["songs"] = c.Brings[messengertest.Files] },
		"who sends contacts is told \"I can't open files.":              func(c *messengertest.Case) { c.Brings[messengertest.Contacts] = c.Brings[messengertest.Files] },
		"the case lacks places: say in a sentence why, instead of \"\"": func(c *messengertest.Case) { c.Lacks[messengertest.Places] = "" },
	} {
		c := gatewayCase()
		change(&c)
		finds(t, c, says)
	}
}
