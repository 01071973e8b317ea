package catalogue_test

import (
	"errors"
	"reflect"
	"testing"

	"keypull/pull/catalogue"
)

// things returns one of each resource.
func things() map[catalogue.Resource]any {
	return map[catalogue.Resource]any{
		catalogue.ResourcePublisher: catalogue.Publisher{ID: "lecker", Name: "Lecker", Languages: []string{"en"}, TimeZone: "UTC", Autocorrect: "offer"},
		catalogue.ResourceSource:    catalogue.Source{ID: "news", Kind: "feed", NewKeys: 7, Settings: map[string]any{"url": "https://example.org"}},
		catalogue.ResourceKeyword:   catalogue.Keyword{ID: "soup", Source: "news", Phrases: map[string][]string{"en": {"soup"}}, Argument: "none", Count: 2},
		catalogue.ResourceChannel:   catalogue.Channel{ID: "tg", Kind: "telegram", Settings: map[string]any{"token": "secret"}},
	}
}

func TestEveryResourceComesBackAsItWasTakenApart(t *testing.T) {
	all := things()
	var pieces catalogue.Pieces
	for _, n := range catalogue.Resources() {
		values, err := n.Values(all[n])
		if err != nil {
			t.Fatal(err)
		}
		thing, err := n.Fill(values)
		if err != nil {
			t.Fatal(err)
		}
		pieces.Add(n, "lecker", thing, catalogue.Meta{Version: 1})
	}
	p := pieces.Setup()
	want, _ := all[catalogue.ResourcePublisher].(catalogue.Publisher)
	if own := p.Own(); own.Name != want.Name || own.Autocorrect != want.Autocorrect || own.Sources != nil {
		t.Errorf("the publisher is %+v", own)
	}
	for _, n := range catalogue.Parts() {
		if ids := n.IDs(&p.Publisher); len(ids) != 1 {
			t.Errorf("%s: %v", n, ids)
		}
	}
	if s, _ := p.Source("news"); s == nil || s.NewKeys != 7 || !reflect.DeepEqual(s.Settings, map[string]any{"url": "https://example.org"}) {
		t.Errorf("the source is %+v", s)
	}
}

func TestSettingsOfKindsAloneHoldSecrets(t *testing.T) {
	refusal := errors.New("no such kind")
	for n, thing := range things() {
		var kind string
		after, err := n.Secrets(thing, func(name string, _ map[string]any) (map[string]any, error) {
			kind = name
			return map[string]any{"sealed": "yes"}, refusal
		})
		if named := n == catalogue.ResourceSource || n == catalogue.ResourceChannel; named != (kind != "") || named != errors.Is(err, refusal) {
			t.Errorf("%s: kind %q, error %v", n, kind, err)
		}
		if c, ok := after.(catalogue.Channel); ok && c.Settings["sealed"] != "yes" {
			t.Errorf("the channel is %+v", c)
		}
	}
}

func TestAPublisherFollowsChangesOfEveryResource(t *testing.T) {
	all := things()
	own, _ := all[catalogue.ResourcePublisher].(catalogue.Publisher)
	p := catalogue.NewSetup(own, nil)
	ids := map[catalogue.Resource]string{catalogue.ResourceSource: "news", catalogue.ResourceKeyword: "soup", catalogue.ResourceChannel: "tg"}
	for _, n := range catalogue.Parts() {
		before := p
		p = p.With(catalogue.Change{Publisher: "lecker", Resource: n, ID: ids[n], Value: all[n]}, catalogue.Meta{Version: 3})
		if at, ok := p.Place(n, ids[n]); !ok || at != 0 || p.MetaOf(n, ids[n]).Version != 3 {
			t.Errorf("%s is not there", n)
		}
		if _, ok := before.Place(n, ids[n]); ok {
			t.Errorf("%s was put into the publisher as it was before", n)
		}
	}
	own.Name = "Anders"
	p = p.With(catalogue.Change{Publisher: "lecker", Resource: catalogue.ResourcePublisher, ID: "lecker", Value: own}, catalogue.Meta{Version: 4})
	if p.Name != "Anders" || len(p.Sources) != 1 || p.Meta.Version != 4 || !reflect.DeepEqual(p.Search("SOUP"), []int{0}) {
		t.Errorf("the publisher is %+v", p)
	}
	for _, n := range catalogue.Parts() {
		p = p.With(catalogue.Change{Publisher: "lecker", Resource: n, ID: ids[n]}, catalogue.Meta{})
		if _, ok := p.Place(n, ids[n]); ok || len(n.IDs(&p.Publisher)) != 0 {
			t.Errorf("%s is there still", n)
		}
	}
	if len(p.Search("")) != 0 {
		t.Error("a keyword that is gone is found")
	}
}

func TestAResourceThatIsNotKnownIsRefused(t *testing.T) {
	if _, err := catalogue.Resource("desk").Fill(nil); err == nil {
		t.Error("Fill took it")
	}
	if _, err := catalogue.Resource("desk").Values(nil); err == nil {
		t.Error("Values took it")
	}
}
