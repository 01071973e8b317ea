package demo_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"keypull/cmd/keypull/demo"
)

// file is the part of a configuration that these tests look at.
type file struct {
	Server struct {
		Listen    string
		PublicURL string `toml:"public_url"`
	}
	Publisher []struct {
		ID        string
		Languages []string
		Source    []struct {
			ID, Kind string
			Settings map[string]any
		}
		Keyword []struct {
			ID, Source string
			Phrases    map[string][]string
			Bare       bool
			Request    struct{ Kind string }
		}
		Channel []struct{ ID, Kind string }
	}
}

func readConfig(t *testing.T) file {
	t.Helper()
	raw, err := demo.Config("http://127.0.0.1:4711", t.TempDir(), "127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	var f file
	if err := toml.Unmarshal([]byte(raw), &f); err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return f
}

func TestConfigurationIsOnePublisherWithAWebChat(t *testing.T) {
	f := readConfig(t)
	if f.Server.Listen != "127.0.0.1:8080" || f.Server.PublicURL != "http://127.0.0.1:8080" {
		t.Errorf("server: %+v", f.Server)
	}
	if len(f.Publisher) != 1 || f.Publisher[0].ID != demo.PublisherID {
		t.Fatalf("publishers: %+v", f.Publisher)
	}
	channels := f.Publisher[0].Channel
	if len(channels) != 1 || channels[0].ID != demo.ChannelID || channels[0].Kind != "webchat" {
		t.Errorf("channels: %+v", channels)
	}
}

func TestTheServersPartHasNoPublisher(t *testing.T) {
	const listen = "127.0.0.1:8080"
	dir := t.TempDir()
	server := demo.ServerConfig(dir, listen)
	var f file
	if err := toml.Unmarshal([]byte(server), &f); err != nil || f.Server.Listen != listen || len(f.Publisher) != 0 {
		t.Errorf("%+v, %v in\n%s", f, err, server)
	}
	if whole, err := demo.Config("http://127.0.0.1:4711", dir, listen); err != nil || !strings.HasPrefix(whole, server) {
		t.Errorf("the whole begins otherwise, %v:\n%s", err, whole)
	}
}

func TestEveryKeywordHasASourceAndPhrasesOfItsOwn(t *testing.T) {
	p := readConfig(t).Publisher[0]
	id := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	var sources, phrases []string
	for _, s := range p.Source {
		sources = append(sources, s.ID)
	}
	for _, k := range p.Keyword {
		if !id.MatchString(k.ID) || k.Request.Kind == "" && !slices.Contains(sources, k.Source) || len(k.Phrases) == 0 {
			t.Errorf("keyword %+v", k)
		}
		for language, some := range k.Phrases {
			if !slices.Contains(p.Languages, language) {
				t.Errorf("keyword %s speaks %s", k.ID, language)
			}
			phrases = append(phrases, some...)
		}
	}
	slices.Sort(phrases)
	if got := slices.Compact(slices.Clone(phrases)); len(got) != len(phrases) {
		t.Errorf("two keywords share a phrase: %v", phrases)
	}
}

func TestEveryCompanyIsInTheVocabulary(t *testing.T) {
	for _, s := range readConfig(t).Publisher[0].Source {
		if s.Kind != "quote" {
			continue
		}
		symbols, _ := s.Settings["symbols"].([]any)
		if len(symbols) < 24 {
			t.Errorf("%d symbols", len(symbols))
		}
		if s.Settings["url"] != "http://127.0.0.1:4711/exchange/quote?symbol={symbol}" {
			t.Errorf("url %v", s.Settings["url"])
		}
		return
	}
	t.Error("there is no source of kind quote")
}
