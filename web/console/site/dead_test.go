package site_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

const deadAt = "/console/p/lecker/channels/dead"

// resend takes a letter as the running service does.
func (r *rig) resend(_ context.Context, _ string, ask uint64) error {
	r.telling.Lock()
	defer r.telling.Unlock()
	r.resent = append(r.resent, ask)
	return nil
}

// die has answers fail to reach readers of lecker.
func (r *rig) die(channel string, asks ...uint64) {
	for _, ask := range asks {
		r.letters.Die(pipeline.DeadLetter{
			Ask: ask, Publisher: "lecker", Channel: channel, Reader: "lecker.abcdefghij", At: r.clock(), Since: r.clock().Add(-time.Hour),
			Why: words.Verbatim("The platform answered 403."), Text: "Tiramisu: 45 minutes\n" + strings.Repeat("and more ", 40),
		})
	}
}

func TestDeadLettersAreSentAgainFromTheirPage(t *testing.T) {
	r := newRig(t)
	r.die("web", 1, 2, 3)
	r.die("gone", 4)
	editor := r.as("lecker editor")
	editor.get("/console/p/lecker/channels").wants(t, 200, `href="`+deadAt+`"`, "3 dead letters", `href="`+deadAt+`?channel=web"`)
	editor.get("/console/p/lecker/channels/web").wants(t, 200, `href="`+deadAt+`?channel=web"`)
	editor.get(deadAt).wants(t, 200, "The platform answered 403.", "Tiramisu: 45 minutes", "and more and…", "All channels", "Send again").
		lacks(t, "Send all again", "abcdefghij")
	editor.submit(deadAt, url.Values{"ask": {"2"}, "channel": {"web"}}).leads(t, deadAt+"?channel=web&done=dead_queued")
	editor.get(deadAt+"?channel=web&done=dead_queued").wants(t, 200, "On its way again", "stays listed until it has left", "Send all again: web").lacks(t, "/channels/gone")
	editor.submit(deadAt, url.Values{"all": {"on"}, "channel": {"web"}}).leads(t, deadAt+"?channel=web&done=dead_released")
	if want := []uint64{2, 1, 3}; !slices.Equal(r.resent, want) {
		t.Errorf("sent again: %v, want %v", r.resent, want)
	}
	r.as("lecker owner").get("/console/p/lecker/audit").wants(t, 200, "sent again the dead letter", "sent again all dead letters of the channel").lacks(t, "letter 2")
	for path, form := range map[string]url.Values{"none": {"ask": {"99"}}, "words": {"ask": {"<b>"}}, "all of none": {"all": {"on"}, "channel": {"nothing"}}} {
		editor.submit(deadAt, form).wants(t, http.StatusNotFound, map[bool]string{true: "There is no such dead letter", false: "nothing"}[path != "all of none"]).lacks(t, "<b>")
	}
}

func TestNothingIsSentAgainAfterSTOPAndThePageSaysSo(t *testing.T) {
	r := newRig(t)
	r.die("web", 1, 2)
	r.letters.Stopped = []uint64{1}
	editor := r.as("lecker editor")
	editor.submit(deadAt, url.Values{"ask": {"1"}}).wants(t, http.StatusUnprocessableEntity, "This reader has said STOP", "Tiramisu")
	editor.submit(deadAt, url.Values{"all": {"on"}, "channel": {"web"}}).leads(t, deadAt+"?channel=web&done=dead_some")
	editor.get(deadAt+"?done=dead_some").wants(t, 200, "but for those of readers who have said STOP")
	if !slices.Equal(r.resent, []uint64{2}) {
		t.Errorf("sent again: %v", r.resent)
	}
	r.reading("de", "Europe/Berlin").submit(deadAt, url.Values{"ask": {"1"}}).wants(t, http.StatusUnprocessableEntity, "Dieser Leser hat STOP gesagt", "Noch einmal senden")
}

func TestViewersSeeDeadLettersAndEditorsOfAFileSendThemAgain(t *testing.T) {
	r := newRig(t)
	r.die("web", 1)
	r.letters.Die(pipeline.DeadLetter{Ask: 2, Publisher: "lecker", Channel: "web", Since: r.clock(), Why: words.Verbatim("Resolving it ended the process."),
		Trace: &journal.Trace{Outcome: journal.Refused, What: journal.What{Keyword: "news"}, Error: "slice bounds out of range"}},
		pipeline.DeadLetter{Ask: 3, Publisher: "lecker", Channel: "web", Since: r.clock(), Why: words.Verbatim("Broken."), Lost: true})
	r.letters.Gone = 2
	viewer := r.as("lecker viewer")
	viewer.get(deadAt+"?channel=web").wants(t, 200, "Never answered", "slice bounds out of range", "How it came about", "Can’t be sent again", "2 older ones went").
		lacks(t, "Send again", "Send all again")
	viewer.post(deadAt, "ask", "1").wants(t, http.StatusForbidden)
	r.Provision("lecker")
	r.as("lecker editor").submit(deadAt, url.Values{"ask": {"1"}}).leads(t, deadAt+"?done=dead_queued")
	if len(r.resent) != 1 {
		t.Errorf("sent again: %v", r.resent)
	}
}

func TestALongListOfDeadLettersIsTurnedPageByPage(t *testing.T) {
	r := newRig(t)
	for ask := range uint64(60) {
		r.die("web", ask+1)
	}
	editor := r.as("lecker editor")
	at, seen := deadAt+"?channel=web", 0
	for range 5 {
		a := editor.get(at).wants(t, 200)
		seen += strings.Count(a.body, "The platform answered 403.")
		next := a.page(t).href("next")
		if next == "" {
			break
		}
		at = next
	}
	if seen != 60 {
		t.Errorf("%d were shown", seen)
	}
}
