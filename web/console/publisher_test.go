package console_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
)

func outletDoc(set doc) doc {
	d := doc{"name": "Le Goût", "languages": []string{"fr"}}
	maps.Copy(d, set)
	return d
}

func TestANewPublisherCanBeAskedAtOnce(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Admin, "publisher.create", doc{"publisher": outletDoc(nil)})
	if at(t, out, "publisher", "id") != "le-gout" || at(t, out, "publisher", "time_zone") != "UTC" || at(t, out, "publisher", "clicks") != true || at(t, out, "publisher", "source") != nil {
		t.Errorf("%v", out)
	}
	c, ok := d.Publisher("le-gout").Channel("web")
	if !ok || c.Kind != "webchat" || c.Settings["title"] != "Le Goût" {
		t.Errorf("%+v", c)
	}
	act := d.last(t)
	if act.Publisher != "le-gout" || act.Target != "publisher le-gout" || !strings.Contains(string(act.After), `"id":"web","kind":"webchat"`) {
		t.Errorf("%+v %s", act, act.After)
	}
	// What was created and left as it is stays as it is.
	d.must(t, people.Admin, "publisher.update", doc{"id": "le-gout", "version": out["version"], "publisher": out["publisher"]})
}

func TestWhoeverWantsNoClicksCountedSaysSo(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Admin, "publisher.create", doc{"publisher": outletDoc(doc{"clicks": false})})
	if clicks := at(t, out, "publisher", "clicks"); clicks == true || d.Publisher("le-gout").Clicks {
		t.Errorf("clicks are %v", clicks)
	}
}

func TestAPublisherIsRefusedWithAllThatIsWrong(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		name      string
		publisher doc
		fields    string
		says      string
	}{
		{"nothing given", doc{}, "publisher.name publisher.languages", "required"},
		{"a taken id", outletDoc(doc{"id": "lecker"}), "publisher.id", "The id “lecker” is taken already"},
		{"the id of webhooks that are shared", outletDoc(doc{"id": "app"}), "publisher.id", "many publishers share"},
		{"what has operations of its own", outletDoc(doc{"source": []any{}, "channel": nil}), "publisher.source publisher.channel", "operations of their own"},
		{"several at once", outletDoc(doc{"id": "X", "time_zone": "Mars", "name": strings.Repeat("x", 81)}),
			"publisher.id publisher.name publisher.time_zone", "at most 80 characters; this has 81"},
		{"a crisis text without end", outletDoc(doc{"crisis": doc{"text": doc{"fr": "Pont fermé."}}}), "publisher.crisis.until", "Say until when the text stands, at most 72 hours from now."},
		{"one that stands for too long", outletDoc(doc{"crisis": doc{"text": "Pont fermé.", "until": "2099-01-01T00:00:00Z"}}), "publisher.crisis.until", "at most 72 hours from now"},
		{"one that fits no SMS", outletDoc(doc{"crisis": doc{"text": strings.Repeat("x", 131), "until": "2000-01-01T00:00:00Z"}}), "publisher.crisis.text", "at most 130 characters"},
		{"a text of more than 64 KiB", outletDoc(doc{"name": strings.Repeat("x", 65537)}), "publisher.name", "64 KiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.try(t, people.Admin, "publisher.create", doc{"publisher": tt.publisher})
			refusedFields(t, err, strings.Fields(tt.fields)...)
			foreignPages(t, err, pull.Invalid, tt.says)
		})
	}
	out := d.must(t, people.Admin, "publisher.create", doc{"publisher": outletDoc(doc{"name": "App"})})
	if id := at(t, out, "publisher", "id"); id != "app-2" {
		t.Errorf("made the id %v", id)
	}
	d.Before = func() { d.must(t, people.Admin, "publisher.create", doc{"publisher": outletDoc(doc{"id": "twin"})}) }
	_, err := d.try(t, people.Admin, "publisher.create", doc{"publisher": outletDoc(doc{"id": "twin"})})
	refusedFields(t, err, "publisher.id")
}

func TestAPublisherWhoseWebChatFailsIsNotLeftBehind(t *testing.T) {
	d := newDesk(t)
	d.Fails[catalogue.ResourceChannel] = errors.New("the disk is full")
	_, err := d.try(t, people.Admin, "publisher.create", doc{"publisher": outletDoc(nil)})
	if err == nil || !strings.Contains(err.Error(), "disk is full") || d.Publisher("le-gout") != nil {
		t.Errorf("%v, %v", err, d.Publisher("le-gout"))
	}
}

func TestAnInstallationWithoutWebChatHasPublishersWithoutOne(t *testing.T) {
	d := newDesk(t)
	d.publishing.Kinds.Messengers = d.publishing.Kinds.Messengers[1:]
	c := console.New(console.Options{Clock: noon}, d.publishing.Operations()...)
	raw, err := json.Marshal(doc{"publisher": outletDoc(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(as(t, people.Admin), "publisher.create", raw); err != nil || len(d.Publisher("le-gout").Channels) != 0 {
		t.Errorf("%v", err)
	}
}

func TestOnlyAnAdminFoundsAndRemovesAPublisherAndAnOwnerChangesIt(t *testing.T) {
	d := newDesk(t)
	for _, role := range []people.Role{people.Viewer, people.Editor, people.Owner} {
		_, err := d.try(t, role, "publisher.create", doc{"publisher": outletDoc(nil)})
		foreignPages(t, err, pull.Denied, "admin")
		_, err = d.try(t, role, "publisher.delete", of(doc{"version": "*"}))
		foreignPages(t, err, pull.Denied, "admin")
		_, err = d.try(t, role, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": outletDoc(nil)})
		if role == people.Owner {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		foreignPages(t, err, pull.Denied, "owner")
	}
	_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "other", "version": "*", "publisher": outletDoc(nil)})
	foreignPages(t, err, pull.Unknown, "other")
	o := d.Publisher("lecker")
	if o.Name != "Le Goût" || len(o.Sources) != 3 || len(o.Keywords) != 3 {
		t.Errorf("%+v", o.Publisher)
	}
	if act := d.last(t); act.Publisher != "other" {
		t.Errorf("%+v", act)
	}
}

func TestAPublisherSaysHowManyKeywordsAMessageMayRun(t *testing.T) {
	d := newDesk(t)
	for _, wishes := range []any{0, 4, -1, "two"} {
		_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": outletDoc(doc{"wishes": wishes})})
		refusedFields(t, err, "publisher.wishes")
	}
	out := d.must(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": outletDoc(doc{"wishes": 3})})
	if at(t, out, "publisher", "wishes") != 3.0 || d.Publisher("lecker").Wishes != 3 {
		t.Errorf("%v", out)
	}
}

func TestAPublisherNamesWhomReadersMayTurnTo(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Viewer, "publisher.get", of(nil))
	for i, path := range []string{"contact", "privacy"} {
		if at(t, out, "findings", i, "path") != path || at(t, out, "findings", i, "severity") != "warning" {
			t.Errorf("%v", out["findings"])
		}
	}
	for _, contact := range []string{"ada@", "@example.org", "ada@localhost", "ftp://example.org", "https://", "   ", "12", "…", "two\nlines", strings.Repeat("x", 201)} {
		_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": outletDoc(doc{"contact": contact})})
		refusedFields(t, err, "publisher.contact")
	}
	for _, privacy := range []string{"example.org/privacy", "mailto:ada@example.org", "javascript:alert(1)"} {
		_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": outletDoc(doc{"privacy": privacy})})
		refusedFields(t, err, "publisher.privacy")
	}
	for _, contact := range []string{"ada@example.org", "+43 316 123 45", "https://example.org/ask", "Ada Example", "Ada Example, ada@example.org, +43 316 12345", "redaktion", "編集部"} {
		set := outletDoc(doc{"contact": contact, "privacy": "https://example.org/privacy"})
		out := d.must(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": set})
		if at(t, out, "publisher", "contact") != contact || len(out["findings"].([]any)) != 0 {
			t.Errorf("%v", out)
		}
	}
	if p := d.Publisher("lecker").Publisher; p.Contact != "編集部" || p.Privacy != "https://example.org/privacy" {
		t.Errorf("%+v", p)
	}
}

func TestAPublisherIsReplacedInItsVersionAlone(t *testing.T) {
	d := newDesk(t)
	got := d.must(t, people.Viewer, "publisher.get", of(nil))
	p, _ := got["publisher"].(doc)
	p["name"] = "Leckerer"
	out := d.must(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": got["version"], "publisher": p})
	if at(t, out, "publisher", "name") != "Leckerer" || out["version"] == got["version"] || out["by"] != "Ann" {
		t.Errorf("%v", out)
	}
	if act := d.last(t); act.Publisher != "lecker" || !strings.Contains(string(act.Before), `"Lecker"`) || !strings.Contains(string(act.After), "Leckerer") {
		t.Errorf("%+v", act)
	}
	_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": got["version"], "publisher": p})
	var stale *console.Stale
	if !errors.As(err, &stale) || stale.Version != out["version"] {
		t.Errorf("%v", err)
	}
	_, err = d.try(t, people.Admin, "publisher.delete", of(doc{"version": got["version"]}))
	if console.KindOf(err) != pull.Conflict {
		t.Errorf("%v", err)
	}
	_, err = d.try(t, people.Admin, "publisher.delete", of(nil))
	foreignPages(t, err, pull.Invalid, "version")
	d.must(t, people.Admin, "publisher.delete", of(doc{"version": out["version"]}))
	if d.Publisher("lecker") != nil {
		t.Error("it is still there")
	}
	if act := d.last(t); act.Target != "publisher lecker" || act.Before == nil || act.After != nil {
		t.Errorf("%+v", act)
	}
	_, err = d.try(t, people.Admin, "publisher.get", of(nil))
	foreignPages(t, err, pull.Unknown, "lecker")
}

func TestEverybodySeesThePublishersThatTheyHaveAPartIn(t *testing.T) {
	var all []catalogue.Publisher
	for i := range 60 {
		p := lecker()
		p.ID = fmt.Sprintf("p%02d", i)
		all = append(all, p)
	}
	d := newDesk(t, append(all, lecker())...)
	out := d.must(t, people.Viewer, "publisher.list", doc{})
	if list, _ := out["publishers"].([]any); len(list) != 1 || at(t, list, 0, "id") != "lecker" || at(t, list, 0, "role") != "viewer" ||
		at(t, list, 0, "keywords") != float64(3) || at(t, list, 0, "channels") != float64(1) || at(t, list, 0, "zone") != "Europe/Paris" {
		t.Errorf("%v", out)
	}
	out = d.must(t, people.Admin, "publisher.list", doc{})
	next := d.must(t, people.Admin, "publisher.list", doc{"cursor": out["next"]})
	first, _ := out["publishers"].([]any)
	rest, _ := next["publishers"].([]any)
	if len(first) != 50 || len(rest) != 11 || at(t, rest, 0, "id") != "p49" || next["next"] != nil {
		t.Errorf("%d and %d", len(first), len(rest))
	}
}

func TestKindsAreListedWithFieldsSchemasFactsAndLimits(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Viewer, "kind.list", doc{"language": "de-AT"})
	if at(t, out, "sources", 0, "name") != "feed" || at(t, out, "sources", 0, "fields", 0, "name") != "url" ||
		at(t, out, "sources", 0, "schema", "properties", "url", "format") != "uri" || at(t, out, "sources", 0, "facts", 0) != "author" {
		t.Errorf("%v", at(t, out, "sources", 0))
	}
	if label := at(t, out, "sources", 0, "fields", 0, "label"); label == "Address" {
		t.Errorf("the label is %v in German", label)
	}
	english := d.must(t, people.Viewer, "kind.list", doc{})
	if label := at(t, english, "sources", 0, "fields", 0, "label"); label != "Address" {
		t.Errorf("the label is %v", label)
	}
	if at(t, out, "messengers", 0, "page") != true || at(t, out, "messengers", 1, "limits", "unit") != "utf16" ||
		at(t, out, "messengers", 1, "limits", "text") != float64(4096) || at(t, out, "messengers", 0, "limits", "images") != true {
		t.Errorf("%v", out["messengers"])
	}
}
