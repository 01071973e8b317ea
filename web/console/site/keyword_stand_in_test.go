package site_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

func TestATextAnswersForAKeywordUntilThisEvening(t *testing.T) {
	const at = room + "keywords/news"
	r := newRig(t)
	ann := r.visit(r.person("ann@example.org", "lecker editor"))
	// It is 13:00 in Paris.
	ann.get(at).wants(t, 200, "Answer for now", `value="2026-11-20T18:00:00&#43;01:00"`, `value="2026-11-21T09:00:00&#43;01:00"`, "Europe/Paris").lacks(t, "End it now")
	up := url.Values{"text.en": {"The news pauses <today>."}, "until": {"2026-11-20T18:00:00+01:00"}}
	ann.submit(at+"/now", up).leads(t, at+"?done=stand_in_up")
	k := r.keywordOf("news")
	if k.StandIn.Text["en"] != "The news pauses <today>." || k.StandIn.Before || !k.StandIn.Until.Equal(r.clock().Add(5*time.Hour)) {
		t.Errorf("%+v", k.StandIn)
	}
	for _, page := range []string{at, room + "today"} {
		ann.get(page).wants(t, 200, "The news pauses &lt;today&gt;.", "<time datetime=", "18:00", "End it now").lacks(t, "&lt;time")
	}
	ann.get(room+"keywords").wants(t, 200, "until 20 November, 18:00")

	// What the form of the keyword does not ask for stays.
	ann.submit(at, ann.changed(at, "count", "4")).leads(t, at+"?done=keyword_saved")
	if k := r.keywordOf("news"); k.Count != 4 || k.StandIn.Text["en"] == "" {
		t.Errorf("%+v", k)
	}
	vic := r.visit(r.person("vic@example.org", "lecker viewer"))
	vic.get(at).wants(t, 200).lacks(t, "Answer for now")
	vic.get(room+"today").wants(t, 200, "The news pauses").lacks(t, "End it now")
	vic.submit(at+"/now/end", url.Values{}).wants(t, http.StatusForbidden)
	ann.submit(at+"/now/end", url.Values{"to": {"today"}}).leads(t, room+"today?done=stand_in_over")
	if k := r.keywordOf("news"); len(k.StandIn.Text) != 0 || k.StandIn.Until != nil {
		t.Errorf("%+v", k.StandIn)
	}

	for name, wrong := range map[string]url.Values{
		"nothing written": {"until": {"2026-11-20T18:00:00+01:00"}},
		"no moment":       {"text.en": {"x"}, "until": {"own"}, "own": {"soon"}},
		"in the past":     {"text.en": {"x"}, "until": {"own"}, "own": {"2026-11-20T12:59"}},
		"too far":         {"text.en": {"x"}, "until": {"own"}, "own": {"2027-01-20T12:59"}},
	} {
		t.Run(name, func(t *testing.T) {
			ann.submit(at+"/now", wrong).wants(t, http.StatusUnprocessableEntity, "Answer for now", `role="alert"`)
			if k := r.keywordOf("news"); k.StandIn.Until != nil {
				t.Errorf("%+v", k.StandIn)
			}
		})
	}
	ann.submit(at+"/now", url.Values{"text.fr": {"Fermé."}, "until": {"own"}, "own": {"2026-11-25T07:30"}, "before": {"on"}}).leads(t, at+"?done=stand_in_up")
	if k := r.keywordOf("news"); !k.StandIn.Before || k.StandIn.Until.Format(time.RFC3339) != "2026-11-25T07:30:00+01:00" {
		t.Errorf("%+v", k.StandIn)
	}
	r.wait(8 * time.Hour)
	ann.get(at).wants(t, 200, `value="2026-11-21T00:00:00&#43;01:00"`)
	r.wait(5 * 24 * time.Hour)
	ann = r.visit(r.person("amy@example.org", "lecker editor"))
	for _, page := range []string{at, room + "today"} {
		ann.get(page).wants(t, 200).lacks(t, "End it now")
	}
}

func TestMomentsAreThoseOfThePublishersClockWhenItIsPutForward(t *testing.T) {
	r := newRig(t)
	// The night before 28 March 2027 has an hour less.
	r.wait(time.Date(2027, 3, 27, 12, 0, 0, 0, time.UTC).Sub(r.clock()))
	r.visit(r.person("late@example.org", "lecker editor")).get(room+"keywords/news").wants(t, 200, `value="2027-03-27T18:00:00&#43;01:00"`, `value="2027-03-28T09:00:00&#43;02:00"`)
}
